/** How Jericho cuts what a game shows: what is before its first line end, or around the prompt. */
export type Cleaning =
  | "after-first-line"
  | {
      /** The text ends `before` this many characters before the first such mark. */
      readonly mark: string;
      readonly before: number;
      /** Characters at the beginning that are dropped. */
      readonly first: number;
    };

/** Changes that happen by themselves: objects, attributes (`25`), attributes of an object (`4:12`, `114:*`). */
export interface Noise {
  readonly moved?: readonly number[];
  readonly set?: readonly string[];
  readonly cleared?: readonly string[];
}

/** What is known of a game, as Jericho has it. Addresses are of the story's memory. */
export interface GameFacts {
  readonly name: string;
  readonly file: string;
  readonly md5: string;
  /** Seeds the random generator. */
  readonly seed: number;
  /** Given before the first text is shown; an empty one is just the return key. */
  readonly intro?: readonly string[];
  readonly cleaning: Cleaning;
  /** What the game says when it is won, and when it is lost. */
  readonly win: string;
  readonly loss: string;
  /**
   * Where the score is; `victory` counts 1 for a win; `shown` stands in the status line after the last colon, negated.
   */
  readonly score: { readonly address: number; readonly bytes: 1 | 2 } | "victory" | "shown";
  readonly maxScore: number;
  /** Where the moves are counted. */
  readonly moves: number;
  /** What they stand at in the beginning, where that is not 0 or 1. */
  readonly movesAtStart?: number;
  /** The object that the player is; where it is not given, the first global variable names the room. */
  readonly player?: number;
  readonly noise?: Noise;
  /** Bytes whose change is a change of the world. */
  readonly watched?: readonly number[];
}

/** The games of the benchmark, in AgentBoard's order. */
export const GAMES: readonly GameFacts[] = [
  {
    name: "905",
    file: "905.z5",
    md5: "4c5067169b834d247a30bb08d1039896",
    seed: 0,
    cleaning: { mark: ">  ", before: 2, first: 1 },
    win: "*** You have left Las Mesas ***",
    loss: "*** You have died ***",
    score: "victory",
    maxScore: 1,
    moves: 4295,
    movesAtStart: 545,
    player: 28,
    noise: { set: ["25"], cleared: ["25"] },
  },
  {
    name: "acorncourt",
    file: "acorncourt.z5",
    md5: "a61400439aa76f8faba3b8f01edd4a72",
    seed: 4,
    cleaning: { mark: "[", before: 2, first: 1 },
    win: "*** You have won ***",
    loss: "Would you like to RESTART, RESTORE a saved game or QUIT?",
    score: { address: 3710, bytes: 1 },
    maxScore: 30,
    moves: 3711,
    player: 20,
    noise: { set: ["25"], cleared: ["25"] },
    watched: [3641, 3687, 3694, 3699],
  },
  {
    name: "afflicted",
    file: "afflicted.z8",
    md5: "064272be87de7106192b6fb743c4dfc4",
    seed: 0,
    cleaning: { mark: ">", before: 2, first: 1 },
    win: "*** You have won ***",
    loss: "*** You've been convicted. ***",
    score: "shown",
    maxScore: 75,
    moves: 24991,
    player: 57,
    noise: { set: ["30", "11", "34", "21"], cleared: ["30"] },
  },
  {
    name: "balances",
    file: "balances.z5",
    md5: "f2cb8f94a7e8df3b850a758da26fa387",
    seed: 0,
    cleaning: { mark: ">", before: 2, first: 1 },
    win: "*** You have won ***",
    loss: "*** You have died ***",
    score: { address: 6842, bytes: 1 },
    maxScore: 51,
    moves: 6843,
    player: 20,
    noise: { set: ["25"], cleared: ["25"] },
    watched: [4162, 1217, 3760, 5086, 3327, 5217, 4640, 4589],
  },
  {
    name: "dragon",
    file: "dragon.z5",
    md5: "96d314997e5d3a5a793c83845977d44d",
    seed: 0,
    cleaning: { mark: ">", before: 2, first: 1 },
    win: "*** You have won ***",
    loss: "Would you like to RESTART, RESTORE a saved game or QUIT",
    score: { address: 13450, bytes: 2 },
    maxScore: 25,
    moves: 13452,
    player: 20,
    noise: { set: ["25", "52:17"], cleared: ["25"] },
    watched: [16090, 16101, 16102],
  },
  {
    name: "jewel",
    file: "jewel.z5",
    md5: "1eef9c0fa009ca4adf4872cfc5249d45",
    seed: 0,
    intro: ["bypass", "yes"],
    cleaning: { mark: ">", before: 2, first: 1 },
    win: "*** You have won ***",
    loss: "*** You have died ***",
    score: { address: 9970, bytes: 1 },
    maxScore: 90,
    moves: 9971,
    player: 211,
    noise: { set: ["25"], cleared: ["25"] },
  },
  {
    name: "library",
    file: "library.z5",
    md5: "daf57133d346442b983bd333fb586cc4",
    seed: 0,
    intro: [""],
    cleaning: { mark: ">", before: 2, first: 1 },
    win: "*** You have won ***",
    loss: "Would you like to RESTART, RESTORE a saved game",
    score: { address: 3610, bytes: 1 },
    maxScore: 30,
    moves: 3611,
    player: 15,
    noise: { set: ["25"], cleared: ["25"] },
  },
  {
    name: "omniquest",
    file: "omniquest.z5",
    md5: "80ea198bca425b6d819c74bfa854236e",
    seed: 0,
    cleaning: { mark: ">", before: 2, first: 1 },
    win: "*** You have won ***",
    loss: "*** You have died ***",
    score: { address: 5979, bytes: 1 },
    maxScore: 50,
    moves: 5980,
    player: 20,
    noise: { set: ["25"], cleared: ["25"] },
    watched: [2123],
  },
  {
    name: "reverb",
    file: "reverb.z5",
    md5: "be6d5fa9587a079782b64739e629461f",
    seed: 0,
    cleaning: { mark: ">", before: 2, first: 1 },
    win: "*** You Rule!  The game's totally over! ***",
    loss: "Would you like to RESTART, RESTORE a saved game or QUIT",
    score: { address: 5839, bytes: 1 },
    maxScore: 50,
    moves: 5840,
    player: 20,
    noise: { set: ["31", "24:*"], cleared: ["31"] },
    watched: [5927],
  },
  {
    name: "snacktime",
    file: "snacktime.z8",
    md5: "0ff228d12d7cb470dc1a8e9a5151769b",
    seed: 0,
    intro: [""],
    cleaning: { mark: ">  ", before: 2, first: 1 },
    win: "*** You have snacked ***",
    loss: "*** You have missed your chance to snack ***",
    score: { address: 9114, bytes: 1 },
    maxScore: 50,
    moves: 9115,
    player: 44,
    noise: { set: ["30", "34", "21"], cleared: ["30"] },
    watched: [20743, 8445],
  },
  {
    name: "zenon",
    file: "zenon.z5",
    md5: "631cc926b4251f5a5f646d3a6bdac8c6",
    seed: 0,
    cleaning: { mark: ">", before: 2, first: 1 },
    win: "*** You have won ***",
    loss: "****  You have died  ****",
    score: { address: 3741, bytes: 2 },
    maxScore: 20,
    moves: 3743,
    player: 20,
    noise: { set: ["25"], cleared: ["25"] },
    watched: [3764, 2519],
  },
  {
    name: "zork1",
    file: "zork1.z5",
    md5: "b732a93a6244ddd92a9b9a3e3a46c687",
    seed: 12,
    cleaning: "after-first-line",
    win: "Inside the Barrow",
    loss: "****  You have died  ****",
    score: { address: 8819, bytes: 2 },
    maxScore: 350,
    moves: 8821,
    player: 4,
    noise: {
      moved: [114],
      set: ["114:*", "4:12"],
      cleared: ["4:1", "4:2", "114:1", "114:2", "217:1", "217:2", "4:12"],
    },
    watched: [2842, 8856, 5657],
  },
  {
    name: "zork2",
    file: "zork2.z5",
    md5: "5bcd91ee055e9bd42812617571be227b",
    seed: 0,
    cleaning: "after-first-line",
    win: 'The ultimate adventure concludes in "Zork III: The Dungeon Master".',
    loss: "****  You have died  ****",
    score: { address: 8935, bytes: 2 },
    maxScore: 400,
    moves: 8937,
    player: 4,
    watched: [9346],
  },
  {
    name: "zork3",
    file: "zork3.z5",
    md5: "ffda9ee2d428fa2fa8e75a1914ff6959",
    seed: 0,
    cleaning: "after-first-line",
    win: "you have at last completed your quest in ZORK",
    loss: "****  You have died  ****",
    score: { address: 7955, bytes: 1 },
    maxScore: 7,
    moves: 7956,
    player: 202,
    watched: [8081, 7995, 7973, 7969, 8417, 8071, 8069, 8107, 8109, 8131, 8093, 8380, 8089, 7956],
  },
  {
    name: "detective",
    file: "detective.z5",
    md5: "822655c9be83e292e06d3d3b1d6a9734",
    seed: 0,
    cleaning: { mark: ">  ", before: 1, first: 0 },
    win: "*** You have won ***",
    loss: "*** You have died ***",
    score: { address: 6801, bytes: 2 },
    maxScore: 360,
    moves: 6777,
    player: 90,
    noise: { set: ["26"], cleared: ["26"] },
  },
  {
    name: "night",
    file: "night.z5",
    md5: "72125f159cccd581786ac16a2828d4e3",
    seed: 0,
    cleaning: { mark: ">", before: 2, first: 1 },
    win: "*** You have saved your job ***",
    loss: "*** You have died ***",
    score: { address: 5294, bytes: 1 },
    maxScore: 10,
    moves: 5295,
    player: 15,
    noise: { set: ["25"], cleared: ["25"] },
  },
  {
    name: "pentari",
    file: "pentari.z5",
    md5: "f24c6863468823b744e910ccfe997c6d",
    seed: 0,
    cleaning: { mark: ">", before: 2, first: 1 },
    win: "*** You have won ***",
    loss: "*** You have died ***",
    score: { address: 4938, bytes: 1 },
    maxScore: 70,
    moves: 4939,
    player: 20,
    noise: { moved: [103], set: ["25"], cleared: ["25"] },
  },
  {
    name: "weapon",
    file: "weapon.z5",
    md5: "c632204be3849d6c5bb6f4eb5aca3cc0",
    seed: 0,
    cleaning: { mark: ">  ", before: 2, first: 1 },
    win: "*** You have won ***",
    loss: "*** You have lost ***",
    score: "victory",
    maxScore: 1,
    moves: 31354,
    player: 20,
    noise: { set: ["25", "14"], cleared: ["25"] },
    watched: [6349, 6295, 6685],
  },
  {
    name: "huntdark",
    file: "huntdark.z5",
    md5: "253b02c8012710577085b9fd3a155cb7",
    seed: 0,
    intro: ["", ""],
    cleaning: { mark: ">  ", before: 2, first: 1 },
    win: "*** It's over ***",
    loss: "*** You have died ***",
    score: "victory",
    maxScore: 1,
    moves: 8896,
    player: 17,
    noise: { set: ["26"], cleared: ["26"] },
    watched: [8130, 8201, 8551, 8824],
  },
  {
    name: "loose",
    file: "loose.z5",
    md5: "31a0c1e360dce94aa5bece5240691d17",
    seed: 0,
    intro: [""],
    cleaning: { mark: ">", before: 2, first: 1 },
    win: "*** You have won ***",
    loss: "Would you like to RESTART, RESTORE a saved game",
    score: { address: 10391, bytes: 1 },
    maxScore: 50,
    moves: 10392,
    player: 34,
    noise: { set: ["25"], cleared: ["25"] },
  },
];

/** The Zorks of the public source release (MIT): other versions than the benchmark's, which Jericho does not know. */
export const ZORKS: readonly GameFacts[] = [
  {
    name: "zork1",
    file: "zork1.z3",
    md5: "1d4606016ea58ee038da53d994392323",
    seed: 12,
    cleaning: "after-first-line",
    win: "Inside the Barrow",
    loss: "****  You have died  ****",
    score: { address: 690, bytes: 2 },
    maxScore: 350,
    moves: 692,
  },
  {
    name: "zork2",
    file: "zork2.z3",
    md5: "e3fd4c0a04481c2b5f66fbee163d92a1",
    seed: 0,
    cleaning: "after-first-line",
    win: 'The ultimate adventure concludes in "Zork III: The Dungeon Master".',
    loss: "****  You have died  ****",
    score: { address: 8981, bytes: 2 },
    maxScore: 400,
    moves: 8983,
  },
  {
    name: "zork3",
    file: "zork3.z3",
    md5: "83fbb273398fe3c7b5f731188b1958cc",
    seed: 0,
    cleaning: "after-first-line",
    win: "you have at last completed your quest in ZORK",
    loss: "****  You have died  ****",
    score: { address: 8148, bytes: 2 },
    maxScore: 7,
    moves: 8150,
  },
];

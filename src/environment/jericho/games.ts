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
  /**
   * What AgentBoard asks of a game, in words of our own: a part of the game, which its labels follow. It tells nothing
   * of huntdark, whose texts it does not find.
   */
  readonly goal?: string;
}

const SPACED_PROMPT = { mark: ">  ", before: 2, first: 1 } as const;

/** What most games have that were made with Inform; each game tells only what is unlike it. */
const INFORM = {
  seed: 0,
  cleaning: { mark: ">", before: 2, first: 1 },
  win: "*** You have won ***",
  loss: "*** You have died ***",
  noise: { set: ["25"], cleared: ["25"] },
} as const;

const ZORK = { cleaning: "after-first-line", loss: "****  You have died  ****" } as const;
const ZORK1 = {
  ...ZORK,
  name: "zork1",
  seed: 12,
  win: "Inside the Barrow",
  maxScore: 350,
  goal: "Find the secret passage that begins in the living room of the house.",
} as const;
const ZORK2 = {
  ...ZORK,
  name: "zork2",
  seed: 0,
  win: 'The ultimate adventure concludes in "Zork III: The Dungeon Master".',
  maxScore: 400,
  goal: "Find the unicorn in the maze of the underground world. You need light, since a grue lives in the dark.",
} as const;
const ZORK3 = {
  ...ZORK,
  name: "zork3",
  seed: 0,
  win: "you have at last completed your quest in ZORK",
  maxScore: 7,
  goal: "Find the secret passage. The old man in the engravings room may help you for a piece of bread, which you must find first.",
} as const;

/** The games of the benchmark, in AgentBoard's order. */
export const GAMES: readonly GameFacts[] = [
  {
    ...INFORM,
    name: "905",
    file: "905.z5",
    md5: "4c5067169b834d247a30bb08d1039896",
    cleaning: SPACED_PROMPT,
    win: "*** You have left Las Mesas ***",
    score: "victory",
    maxScore: 1,
    moves: 4295,
    movesAtStart: 545,
    player: 28,
    goal: "Leave the house, then get out of the city by car before anyone catches you.",
  },
  {
    ...INFORM,
    name: "acorncourt",
    file: "acorncourt.z5",
    md5: "a61400439aa76f8faba3b8f01edd4a72",
    seed: 4,
    cleaning: { mark: "[", before: 2, first: 1 },
    loss: "Would you like to RESTART, RESTORE a saved game or QUIT?",
    score: { address: 3710, bytes: 1 },
    maxScore: 30,
    moves: 3711,
    player: 20,
    watched: [3641, 3687, 3694, 3699],
    goal: "Open the locked gate. Its key lies in the stone well, and the broken bucket can bring it up once it is mended.",
  },
  {
    ...INFORM,
    name: "afflicted",
    file: "afflicted.z8",
    md5: "064272be87de7106192b6fb743c4dfc4",
    loss: "*** You've been convicted. ***",
    score: "shown",
    maxScore: 75,
    moves: 24991,
    player: 57,
    noise: { set: ["30", "11", "34", "21"], cleared: ["30"] },
    goal: "Get into Nikolai's restaurant and find Nikolai without being caught.",
  },
  {
    ...INFORM,
    name: "balances",
    file: "balances.z5",
    md5: "f2cb8f94a7e8df3b850a758da26fa387",
    score: { address: 6842, bytes: 1 },
    maxScore: 51,
    moves: 6843,
    player: 20,
    watched: [4162, 1217, 3760, 5086, 3327, 5217, 4640, 4589],
    goal: "Learn the spells rezrov, lleps and bozbar from spell books and scrolls, which may lie in furniture, in oats or in boxes, and find all spell books with their help. A spell is cast as in: cast rezrov on door.",
  },
  {
    ...INFORM,
    name: "dragon",
    file: "dragon.z5",
    md5: "96d314997e5d3a5a793c83845977d44d",
    loss: "Would you like to RESTART, RESTORE a saved game or QUIT",
    score: { address: 13450, bytes: 2 },
    maxScore: 25,
    moves: 13452,
    player: 20,
    noise: { set: ["25", "52:17"], cleared: ["25"] },
    watched: [16090, 16101, 16102],
    goal: "Find the mug that is somewhere in the inn.",
  },
  {
    ...INFORM,
    name: "jewel",
    file: "jewel.z5",
    md5: "1eef9c0fa009ca4adf4872cfc5249d45",
    intro: ["bypass", "yes"],
    score: { address: 9970, bytes: 1 },
    maxScore: 90,
    moves: 9971,
    player: 211,
    goal: "Reach the drop-off area in the fifth layer of the earth. Pulling the quartz out of the ceiling of the mineral cave may open a way up.",
  },
  {
    ...INFORM,
    name: "library",
    file: "library.z5",
    md5: "daf57133d346442b983bd333fb586cc4",
    intro: [""],
    loss: "Would you like to RESTART, RESTORE a saved game",
    score: { address: 3610, bytes: 1 },
    maxScore: 30,
    moves: 3611,
    player: 15,
    goal: "Find the book on Graham Nelson in the library.",
  },
  {
    ...INFORM,
    name: "omniquest",
    file: "omniquest.z5",
    md5: "80ea198bca425b6d819c74bfa854236e",
    score: { address: 5979, bytes: 1 },
    maxScore: 50,
    moves: 5980,
    player: 20,
    watched: [2123],
    goal: "You hunt for treasure: find the round room under a rock of an island. In the sea you need something to breathe through.",
  },
  {
    ...INFORM,
    name: "reverb",
    file: "reverb.z5",
    md5: "be6d5fa9587a079782b64739e629461f",
    win: "*** You Rule!  The game's totally over! ***",
    loss: "Would you like to RESTART, RESTORE a saved game or QUIT",
    score: { address: 5839, bytes: 1 },
    maxScore: 50,
    moves: 5840,
    player: 20,
    noise: { set: ["31", "24:*"], cleared: ["31"] },
    watched: [5927],
    goal: "You deliver pizza, and your boss has an order for you. Find out whom it is for and deliver it.",
  },
  {
    ...INFORM,
    name: "snacktime",
    file: "snacktime.z8",
    md5: "0ff228d12d7cb470dc1a8e9a5151769b",
    intro: [""],
    cleaning: SPACED_PROMPT,
    win: "*** You have snacked ***",
    loss: "*** You have missed your chance to snack ***",
    score: { address: 9114, bytes: 1 },
    maxScore: 50,
    moves: 9115,
    player: 44,
    noise: { set: ["30", "34", "21"], cleared: ["30"] },
    watched: [20743, 8445],
    goal: "You are a bulldog, and your pet human sleeps in the room. Wake him up and get a snack out of it.",
  },
  {
    ...INFORM,
    name: "zenon",
    file: "zenon.z5",
    md5: "631cc926b4251f5a5f646d3a6bdac8c6",
    loss: "****  You have died  ****",
    score: { address: 3741, bytes: 2 },
    maxScore: 20,
    moves: 3743,
    player: 20,
    watched: [3764, 2519],
    goal: "You are locked up on the starship Zenon. Get out of your cell into the corridor without being noticed; something that distracts the guard would help.",
  },
  {
    ...ZORK1,
    file: "zork1.z5",
    md5: "b732a93a6244ddd92a9b9a3e3a46c687",
    score: { address: 8819, bytes: 2 },
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
    ...ZORK2,
    file: "zork2.z5",
    md5: "5bcd91ee055e9bd42812617571be227b",
    score: { address: 8935, bytes: 2 },
    moves: 8937,
    player: 4,
    watched: [9346],
  },
  {
    ...ZORK3,
    file: "zork3.z5",
    md5: "ffda9ee2d428fa2fa8e75a1914ff6959",
    score: { address: 7955, bytes: 1 },
    moves: 7956,
    player: 202,
    watched: [8081, 7995, 7973, 7969, 8417, 8071, 8069, 8107, 8109, 8131, 8093, 8380, 8089, 7956],
  },
  {
    ...INFORM,
    name: "detective",
    file: "detective.z5",
    md5: "822655c9be83e292e06d3d3b1d6a9734",
    cleaning: { mark: ">  ", before: 1, first: 0 },
    score: { address: 6801, bytes: 2 },
    maxScore: 360,
    moves: 6777,
    player: 90,
    noise: { set: ["26"], cleared: ["26"] },
  },
  {
    ...INFORM,
    name: "night",
    file: "night.z5",
    md5: "72125f159cccd581786ac16a2828d4e3",
    win: "*** You have saved your job ***",
    score: { address: 5294, bytes: 1 },
    maxScore: 10,
    moves: 5295,
    player: 15,
    goal: "Find the missing printer of the university. It hums behind a hidden panel in the dark: follow the sound, and get the flashlight out of the box by the elevator before.",
  },
  {
    ...INFORM,
    name: "pentari",
    file: "pentari.z5",
    md5: "f24c6863468823b744e910ccfe997c6d",
    score: { address: 4938, bytes: 1 },
    maxScore: 70,
    moves: 4939,
    player: 20,
    noise: { moved: [103], set: ["25"], cleared: ["25"] },
    goal: "In a world of fantasy, find the jewelled dagger; look in the armory. Hide from the dark elf, who is faster than you.",
  },
  {
    ...INFORM,
    name: "weapon",
    file: "weapon.z5",
    md5: "c632204be3849d6c5bb6f4eb5aca3cc0",
    cleaning: SPACED_PROMPT,
    loss: "*** You have lost ***",
    score: "victory",
    maxScore: 1,
    moves: 31354,
    player: 20,
    noise: { set: ["25", "14"], cleared: ["25"] },
    watched: [6349, 6295, 6685],
    goal: "Make the weapon Yi-Lono-Mordel ready: calibrate its contacts anew and give it power with the power stud.",
  },
  {
    ...INFORM,
    name: "huntdark",
    file: "huntdark.z5",
    md5: "253b02c8012710577085b9fd3a155cb7",
    intro: ["", ""],
    cleaning: SPACED_PROMPT,
    win: "*** It's over ***",
    score: "victory",
    maxScore: 1,
    moves: 8896,
    player: 17,
    noise: { set: ["26"], cleared: ["26"] },
    watched: [8130, 8201, 8551, 8824],
  },
  {
    ...INFORM,
    name: "loose",
    file: "loose.z5",
    md5: "31a0c1e360dce94aa5bece5240691d17",
    intro: [""],
    loss: "Would you like to RESTART, RESTORE a saved game",
    score: { address: 10391, bytes: 1 },
    maxScore: 50,
    moves: 10392,
    player: 34,
    goal: "Find Mary's lost golden hairpin, which is hidden in a pot, and bring it back to her.",
  },
];

/** The Zorks of the public source release (MIT): other versions than the benchmark's, which Jericho does not know. */
export const ZORKS: readonly GameFacts[] = [
  {
    ...ZORK1,
    file: "zork1.z3",
    md5: "1d4606016ea58ee038da53d994392323",
    score: { address: 690, bytes: 2 },
    moves: 692,
  },
  {
    ...ZORK2,
    file: "zork2.z3",
    md5: "e3fd4c0a04481c2b5f66fbee163d92a1",
    score: { address: 8981, bytes: 2 },
    moves: 8983,
  },
  {
    ...ZORK3,
    file: "zork3.z3",
    md5: "83fbb273398fe3c7b5f731188b1958cc",
    score: { address: 8148, bytes: 2 },
    moves: 8150,
  },
];

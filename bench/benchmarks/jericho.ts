import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Game } from "../../src/environment/jericho/game.ts";
import { GAMES, type GameFacts, ZORKS } from "../../src/environment/jericho/games.ts";
import { validActions } from "../../src/environment/jericho/valid-actions.ts";
import { readStory, type Story } from "../../src/environment/jericho/zmachine/story.ts";
import { hasRecordings, recording } from "../../src/environment/testing/recordings.ts";
import { type Arm, alternate } from "../support/alternate.ts";
import { atLeast, atMost, type Benchmark, notMeasured, type Row } from "../support/benchmark.ts";
import { clockWork } from "../support/work.ts";

/** Steps a second that libfrotz made in Zork I, on two cores of this kind. */
const ORIGINAL_STEPS = 4288;
const START_MS = 100;
const RECALL = 0.9;
const PRECISION = 0.8;
const PUBLIC_STORIES = "../shared/stories";

interface Walk {
  readonly game: string;
  readonly seed: number;
  readonly steps: readonly { readonly action: string }[];
}

interface Listing {
  readonly game: string;
  readonly seed: number;
  readonly actions: readonly string[];
  readonly states: readonly { readonly after: number; readonly valid_actions_sorted?: readonly string[] }[];
}

/** A game with its walks. */
interface Played {
  readonly facts: GameFacts;
  readonly story: Story;
  readonly walks: readonly Walk[];
}

function recorded<Line>(file: string): readonly Line[] {
  return recording(`jericho/${file}.jsonl.gz`)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function readGames(file: string, games: readonly GameFacts[], folder: string): readonly Played[] {
  const walks = recorded<Walk>(file);
  return games.flatMap((facts) => {
    const path = join(folder, facts.file);
    if (!existsSync(path)) return [];
    const story = readStory(new Uint8Array(readFileSync(path)), path);
    return [{ facts, story, walks: walks.filter(({ game }) => game === facts.file) }];
  });
}

function play({ facts, story, walks }: Played): void {
  for (const { seed, steps } of walks) {
    const game = new Game(story, facts, seed);
    game.start();
    for (const { action } of steps) game.step(action);
  }
}

/** Steps a second of a game, its starts included. */
function stepsArm(played: Played, passes: number): Arm<number> {
  const steps = played.walks.reduce((sum, walk) => sum + walk.steps.length, 0);
  return {
    name: `steps, ${played.facts.file}`,
    measure: async () => {
      const { wall } = await clockWork(() => {
        for (let pass = 0; pass < passes; pass += 1) play(played);
      });
      return (steps * passes * 1000) / wall;
    },
  };
}

/** Milliseconds in which the slowest game begins; all that was decoded of it before is forgotten. */
function slowestStart(games: readonly Played[]): { name: string; ms: number } {
  let slowest = { name: "", ms: 0 };
  for (const { facts, story } of games) {
    const fresh = readStory(story.bytes, facts.file);
    const before = performance.now();
    new Game(fresh, facts).start();
    const ms = performance.now() - before;
    if (ms > slowest.ms) slowest = { name: facts.file, ms };
  }
  return slowest;
}

/** How many actions of two lists are the same, in words and in what they do. */
interface Agreement {
  readonly theirs: number;
  readonly ours: number;
  readonly words: number;
  /** Of theirs, those that have one of ours with the same effect, and the other way round. */
  readonly recalled: number;
  readonly precise: number;
}

function effectOf(game: Game, action: string): string {
  const moment = game.remember();
  const { score, won, lost } = game.step(action);
  const effect = JSON.stringify([game.machine.changes, score, won, lost]);
  game.goBack(moment);
  return effect;
}

function agreementOf(game: Game, theirs: readonly string[]): Agreement {
  const ours = validActions(game);
  const effects = (actions: readonly string[]) => actions.map((action) => effectOf(game, action));
  const [theirEffects, ourEffects] = [effects(theirs), effects(ours)];
  return {
    theirs: theirs.length,
    ours: ours.length,
    words: theirs.filter((action) => ours.includes(action)).length,
    recalled: theirEffects.filter((effect) => ourEffects.includes(effect)).length,
    precise: ourEffects.filter((effect) => theirEffects.includes(effect)).length,
  };
}

/** Lists the actions in recorded states and holds the lists against Jericho's. */
function compareListings(games: readonly Played[], listings: readonly Listing[]): readonly Agreement[] {
  return listings.flatMap(({ game: file, seed, actions, states }) => {
    const played = games.find(({ facts }) => facts.file === file);
    if (played === undefined) return [];
    const game = new Game(played.story, played.facts, seed);
    game.start();
    let done = 0;
    return states.flatMap(({ after, valid_actions_sorted: theirs }) => {
      for (; done < after; done += 1) game.step(actions[done] ?? "");
      return theirs === undefined ? [] : [agreementOf(game, theirs)];
    });
  });
}

function share(agreements: readonly Agreement[], part: keyof Agreement, whole: "ours" | "theirs"): number {
  const sum = (name: keyof Agreement) => agreements.reduce((total, each) => total + each[name], 0);
  return sum(part) / Math.max(1, sum(whole));
}

/** Jericho's games on our own Z-machine: speed, start, and what is listed as valid. */
export const jericho: Benchmark = {
  name: "jericho",
  question:
    "How many steps a second do Jericho's games make, how fast do they begin, and how do lists agree?",
  async run({ quick, progress }) {
    if (!hasRecordings || !existsSync(PUBLIC_STORIES)) {
      return notMeasured("the recordings in ../shared/parity and the story files in ../shared/stories");
    }
    const zorks = readGames("zork-mit", ZORKS, PUBLIC_STORIES);
    const folder = process.env.AGENTREFINE_JERICHO;
    const games = folder === undefined ? [] : readGames("games", GAMES, folder);
    const start = slowestStart([...zorks, ...games]);
    const arms = [...zorks, ...games].map((game) => stepsArm(game, quick ? 1 : 5));
    const results = await alternate(arms, { rounds: quick ? 1 : 5, progress });
    const steps = results.map(({ name, spread }) => ({ name, spread: spread((figure) => figure) }));
    const listings = recorded<Listing>("valid-actions").filter(({ game }) => !quick || game === "zork3.z5");
    progress(games.length === 0 ? "lists are not compared: AGENTREFINE_JERICHO names no games" : "lists");
    const agreements = compareListings(games, listings);
    const listed: readonly (readonly [string, number])[] = [
      ["recall by effect", share(agreements, "recalled", "theirs")],
      ["precision by effect", share(agreements, "precise", "ours")],
      ["recall, same words", share(agreements, "words", "theirs")],
      ["precision, same words", share(agreements, "words", "ours")],
    ];
    const rows: readonly Row[] = [
      ...steps.map(({ name, spread }) => ({ name, figures: [spread, null, null] })),
      { name: `slowest start, ${start.name}`, figures: [null, start.ms, null] },
      ...(agreements.length === 0
        ? []
        : listed.map(([name, value]) => ({ name, figures: [null, null, value] }))),
    ];
    return {
      method: `Recorded walks replayed on one thread, starts included; libfrotz made ${ORIGINAL_STEPS} steps a second in Zork I (a figure from elsewhere); valid actions in ${agreements.length} recorded states, held against Jericho's lists.`,
      columns: [
        { title: "steps a second", digits: 0 },
        { title: "ms", digits: 1 },
        { title: "share", digits: 3 },
      ],
      rows,
      goals: [
        atLeast("steps a second in Zork I", steps[0]?.spread.median ?? 0, ORIGINAL_STEPS),
        atMost("milliseconds of the slowest start", start.ms, START_MS),
        ...(agreements.length === 0
          ? []
          : [
              atLeast("recall by effect", listed[0]?.[1] ?? 0, RECALL),
              atLeast("precision by effect", listed[1]?.[1] ?? 0, PRECISION),
            ]),
      ],
      packages: [],
    };
  },
};

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as z from "zod";
import { createAlfworldWorld } from "../src/environment/alfworld/alfworld-world.ts";
import { openGame, type Wording } from "../src/environment/alfworld/games.ts";
import { scoreByLabel } from "../src/environment/alfworld/scoring.ts";
import { createSimulator, type Game, type Shown } from "../src/environment/alfworld/simulator.ts";
import { compileLabelPattern } from "../src/environment/labels.ts";
import { firstDifference, type Replayer, type ReplayRow, type RowReport } from "./replay.ts";

const gameRow = z.object({
  game: z.string(),
  task_desc: z.string(),
  walkthrough: z.array(z.string()).nullable(),
  pddl_problem: z.string(),
  domain: z.string().regex(/^[\w-]+\.pddl$/),
  grammar: z.string().regex(/^[\w-]+\.twl2$/),
});

type GameRow = z.infer<typeof gameRow>;

const traceRow = z.object({
  game: z.string(),
  reset: z.object({ observation: z.string(), admissible: z.array(z.string()), won: z.boolean() }),
  steps: z.array(
    z.object({
      action: z.string(),
      observation: z.string(),
      won: z.boolean(),
      score: z.number(),
      done: z.boolean(),
      admissible: z.array(z.string()),
    }),
  ),
});

const wrapperRow = z.object({
  game: z.string(),
  subgoals: z.array(z.string()),
  init_obs: z.string(),
  goal: z.string(),
  steps: z.array(
    z.object({
      model_action: z.string(),
      action_space: z.array(z.string()),
      grounded: z.boolean(),
      raw: z.string().nullable(),
      observation: z.string(),
      progress: z.number(),
      done: z.boolean(),
    }),
  ),
});

/** How far a recorded progress may be from ours. */
const PROGRESS_TOLERANCE = 1e-12;

/** Opens a recorded game by its name. */
export type OpenRecorded = (name: string, wording?: Wording) => Game;

/** The recorded games, put together from their rows and the domains and grammars that they share. */
export function recordedGames(recordings: string, logic: string): OpenRecorded {
  const lines = gunzipSync(readFileSync(join(recordings, "alfworld/games.jsonl.gz")))
    .toString("utf8")
    .split("\n");
  const rows = lines.filter((line) => line !== "").map((line): GameRow => gameRow.parse(JSON.parse(line)));
  const games = new Map(rows.map((row) => [row.game, row]));
  const texts = new Map<string, string>();
  const text = (file: string): string => {
    const known = texts.get(file) ?? readFileSync(join(logic, file), "utf8");
    texts.set(file, known);
    return known;
  };
  return (name, wording = "as-written") => {
    const row = games.get(name);
    if (row === undefined) throw new Error(`no game is called ${name}`);
    const grammar = text(row.grammar).replaceAll("UNKNOWN GOAL", () => row.task_desc);
    return openGame({ pddl_domain: text(row.domain), pddl_problem: row.pddl_problem, grammar }, wording);
  };
}

/** A game opens, and its walkthrough reaches the goal with the last command and not before. */
export function replayGame(open: OpenRecorded): ReplayRow {
  return (row) => {
    const { game, walkthrough } = gameRow.parse(row);
    const simulator = createSimulator(open(game));
    const commands = walkthrough ?? [];
    simulator.reset();
    const won = commands.map((command) => simulator.step(command).won);
    const expected = commands.map((_, place) => place === commands.length - 1);
    const difference = firstDifference({ won: expected }, { won });
    return { equal: difference === undefined ? 1 : 0, total: 1, difference };
  };
}

/** Every text, listing and state of the goal of a recorded trace. */
function replayTrace(open: OpenRecorded): ReplayRow {
  return (row): RowReport => {
    const { game, reset, steps } = traceRow.parse(row);
    const simulator = createSimulator(open(game));
    const total = steps.length + 1;
    const shown = ({ observation, won }: Shown) => ({
      observation,
      won,
      score: won ? 1 : 0,
      done: won,
      admissible: simulator.admissible(),
    });
    const atStart = firstDifference(reset, shown(simulator.reset()));
    if (atStart !== undefined) return { equal: 0, total, difference: `at the start, ${atStart}` };
    for (const [i, { action, ...recorded }] of steps.entries()) {
      const difference = firstDifference(recorded, shown(simulator.step(action)));
      if (difference !== undefined) return { equal: i + 1, total, difference: `step ${i}, ${difference}` };
    }
    return { equal: total, total, difference: undefined };
  };
}

/** What AgentBoard's wrapper shows, lists, counts and scores. */
function replayWrapper(open: OpenRecorded): ReplayRow {
  return (row): RowReport => {
    const { game, subgoals, init_obs, goal, steps } = wrapperRow.parse(row);
    const patterns = subgoals.flatMap((source) => compileLabelPattern(source).pattern ?? []);
    const world = createAlfworldWorld(open(game), scoreByLabel(patterns));
    const total = steps.length + 1;
    if (patterns.length < subgoals.length) return { equal: 0, total, difference: "a pattern cannot be read" };
    const start = world.reset();
    const atStart = firstDifference({ init_obs, goal }, { init_obs: start.observation, goal: start.goal });
    if (atStart !== undefined) return { equal: 0, total, difference: `at the start, ${atStart}` };
    for (const [i, { model_action, progress, ...recorded }] of steps.entries()) {
      const action_space = world.actions();
      const { observation, scores, ending, understood } = world.step(model_action);
      const difference =
        Math.abs((scores.progress ?? 0) - progress) > PROGRESS_TOLERANCE
          ? `progress: recorded ${progress}, ours ${scores.progress}`
          : firstDifference(recorded, {
              action_space,
              grounded: understood,
              raw: world.raw() ?? null,
              observation,
              done: ending !== undefined,
            });
      if (difference !== undefined) return { equal: i + 1, total, difference: `step ${i}, ${difference}` };
    }
    return { equal: total, total, difference: undefined };
  };
}

/** How to replay ALFWorld's recordings; their domains and grammars lie beside the folder, in `alfworld/logic`. */
export function alfworldReplayers(recordings: string): ReadonlyMap<string, Replayer> {
  const logic = join(recordings, "../alfworld/logic");
  const isThere = existsSync(logic) && existsSync(join(recordings, "alfworld/games.jsonl.gz"));
  const open = isThere ? recordedGames(recordings, logic) : undefined;
  const replayer = (unit: string, make: (open: OpenRecorded) => ReplayRow): Replayer =>
    open === undefined
      ? { code: "unavailable", reason: `needs alfworld/games.jsonl.gz and ${logic}` }
      : { code: "ready", unit, replayRow: make(open) };
  return new Map<string, Replayer>([
    [
      "alfworld/labels.jsonl",
      { code: "unavailable", reason: "labels, which the episodes of wrapper.jsonl.gz carry" },
    ],
    ["alfworld/games.jsonl.gz", replayer("games", replayGame)],
    ["alfworld/solved.jsonl.gz", replayer("steps", replayTrace)],
    ["alfworld/walks.jsonl.gz", replayer("steps", replayTrace)],
    ["alfworld/edges.jsonl.gz", replayer("steps", replayTrace)],
    ["alfworld/wrapper.jsonl.gz", replayer("steps", replayWrapper)],
  ]);
}

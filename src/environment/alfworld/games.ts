import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { fetchFix } from "../../data/published.ts";
import { AgentRefineError, errorMessage } from "../../errors.ts";
import { type Domain, parseDomain } from "../../pddl/domain.ts";
import { parseProblem } from "../../pddl/problem.ts";
import type { Game } from "./simulator.ts";
import { readGrammar } from "./text/grammar.ts";

const gameFile = z.looseObject({
  pddl_domain: z.string(),
  pddl_problem: z.string(),
  grammar: z.string(),
  solvable: z.boolean().optional(),
  walkthrough: z.array(z.string()).nullish(),
});

/** What a `game.tw-pddl` holds. */
export type GameFile = z.infer<typeof gameFile>;

/**
 * The words of a game: as the file has them, or as AgentBoard's version of ALFWorld had them. The files of 2.1.2 and
 * later were made from the older ones by three replacements and a further action.
 */
export type Wording = "as-written" | "agentboard";

const REPLACED: readonly (readonly [newer: string, older: string])[] = [
  ["You arrive at {r.name}.", "You arrive at {lend.name}."],
  ["move {o} to {r}", "put {o} in/on {r}"],
  ["You move the {o.name} to the {r.name}.", "You put the {o.name} in/on the {r.name}."],
];
const ADDED_ACTION = "help";

/** Reads the text of a `game.tw-pddl`. Throws an AgentRefineError that tells what is wrong with it. */
export function readGameFile(text: string): GameFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AgentRefineError(`not JSON: ${errorMessage(error)}`, { cause: error });
  }
  const read = gameFile.safeParse(json);
  if (!read.success) {
    const wrong = read.error.issues.map(({ path, message }) => [...path, message].join(": "));
    throw new AgentRefineError(`not a game of ALFWorld: ${wrong.join("; ")}`);
  }
  return read.data;
}

/** Domains that were read already: the games of a release share one. */
const domains = new Map<string, Domain>();
const MOST_DOMAINS = 4;

function domainOf(text: string): Domain {
  const domain = domains.get(text) ?? parseDomain(text);
  if (domains.size >= MOST_DOMAINS) domains.clear();
  domains.set(text, domain);
  return domain;
}

/** Makes a game ready to be played. Throws an AgentRefineError with the line that cannot be read. */
export function openGame(file: GameFile, wording: Wording): Game {
  const domain = domainOf(file.pddl_domain);
  const problem = parseProblem(file.pddl_problem, domain);
  if (wording === "as-written") return { problem, grammar: readGrammar(file.grammar) };
  const older = REPLACED.reduce((text, [newer, old]) => text.replaceAll(newer, old), file.grammar);
  const { actions, rules } = readGrammar(older);
  const known = new Map([...actions].filter(([name]) => name !== ADDED_ACTION));
  return { problem, grammar: { actions: known, rules } };
}

/** A command in the words of AgentBoard's version of ALFWorld. */
export function olderCommand(command: string): string {
  return command.replace(/\bmove (.+) to (.+)$/, "put $1 in/on $2");
}

/** The six kinds of task. */
export const TASK_TYPES = [
  "pick_and_place_simple",
  "look_at_obj_in_light",
  "pick_clean_then_place_in_recep",
  "pick_heat_then_place_in_recep",
  "pick_cool_then_place_in_recep",
  "pick_two_obj_and_place",
] as const;

/** One of {@link TASK_TYPES}. */
export type TaskType = (typeof TASK_TYPES)[number];

/** A game as it lies in a folder of ALFWorld's. */
export interface FoundGame {
  /** The folders of its task and its trial, `TASK/TRIAL`: what labels name it by. */
  readonly key: string;
  readonly type: TaskType;
  readonly path: string;
}

/** What a folder holds: games by their paths, and what is wrong with others, a sentence each. */
interface FoundGames {
  readonly games: readonly FoundGame[];
  readonly remarks: readonly string[];
}

const SPLIT = "valid_unseen";
/** A file of a game has 0.1 MB; one of more than this is no game. */
const LARGEST = 16 * 2 ** 20;

const trajectory = z.looseObject({ task_type: z.string() });

function foldersIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** The folder of the games to be scored in a folder of ALFWorld's data, of its newest version; undefined if none. */
function splitFolder(folder: string): string | undefined {
  const versions = foldersIn(folder).filter((name) => /^json_2\.1\.\d+$/.test(name));
  const newest = versions.sort((one, other) => Number(other.slice(9)) - Number(one.slice(9)));
  const places = [...newest.map((version) => join(folder, version, SPLIT)), join(folder, SPLIT)];
  return places.find((place) => existsSync(place));
}

/** What kind of task a trial is: `traj_data.json` tells, where it is there, and else the name of its folder. */
function taskTypeOf(trial: string, task: string): string {
  const file = join(trial, "traj_data.json");
  if (!existsSync(file)) return task.split("-")[0] ?? "";
  const read = trajectory.safeParse(JSON.parse(readFileSync(file, "utf8")));
  return read.data?.task_type ?? "";
}

/** Reads a game's file. Throws an AgentRefineError that begins with its path. */
export function readGameAt(path: string): GameFile {
  try {
    const { size } = statSync(path);
    if (size > LARGEST) throw new AgentRefineError(`it has ${size} bytes, more than any game`);
    return readGameFile(readFileSync(path, "utf8"));
  } catch (error) {
    throw new AgentRefineError(`${path}: ${errorMessage(error)}`, {
      fix: fetchFix("alfworld"),
      cause: error,
    });
  }
}

/**
 * A trial that was looked at: a game, what is wrong with it, or neither where ALFWorld leaves it out without a word.
 */
interface Looked {
  readonly game?: FoundGame;
  readonly remark?: string;
}

function look(split: string, task: string, trial: string): Looked {
  const folder = join(split, task, trial);
  const path = join(folder, "game.tw-pddl");
  const game = (name: string): Looked => {
    const type = TASK_TYPES.find((each) => each === name);
    return type === undefined ? {} : { game: { key: `${task}/${trial}`, type, path } };
  };
  if (/movable|Sliced/.test(task) || !existsSync(path)) return {};
  try {
    const found = game(taskTypeOf(folder, task));
    if (found.game === undefined) return {};
    const { solvable } = readGameAt(path);
    return solvable === true ? found : { remark: `${path} is not solvable, and left out` };
  } catch (error) {
    // It keeps its place among the tasks, where its world says so; one that has none is told of.
    const found = game(task.split("-")[0] ?? "");
    return found.game === undefined ? { remark: `${errorMessage(error)}; it cannot be played` } : found;
  }
}

/** Finds the games to be scored, sorted by their paths as ALFWorld's loader finds them. */
export function findGames(folder: string): FoundGames {
  const split = splitFolder(folder);
  if (split === undefined) {
    throw new AgentRefineError(`there are no games of ALFWorld in ${folder}: no json_2.1.*/${SPLIT}`, {
      fix: `${fetchFix("alfworld")} Or let ALFWORLD_DATA name the folder that has json_2.1.1.`,
    });
  }
  const games: FoundGame[] = [];
  const remarks: string[] = [];
  for (const task of foldersIn(split)) {
    for (const trial of foldersIn(join(split, task))) {
      const { game, remark } = look(split, task, trial);
      if (game !== undefined) games.push(game);
      if (remark !== undefined) remarks.push(remark);
    }
  }
  games.sort((one, other) => (one.path < other.path ? -1 : 1));
  return { games, remarks };
}

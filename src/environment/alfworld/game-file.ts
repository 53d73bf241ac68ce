import * as z from "zod";
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

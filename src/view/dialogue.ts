import { parseReAct, withReActLabels } from "../react.ts";
import type { DungeonMasterTurn, ErrorRun, Turn } from "../trajectory/trajectory.ts";
import { errorRuns } from "../trajectory/trajectory.ts";

/** Turns of one part of a dialogue; longer ones are shown in parts. */
export const PART_SIZE = 100;

/** What a turn is told apart by, in colour, shape and word. */
export type TurnMark =
  | "error"
  | "refinement"
  | "malformed"
  | "not-understood"
  | "irregular"
  | "repeated"
  | "faulty";

/** A turn of any dialogue, as a page shows it. */
export interface ShownTurn {
  readonly number: number;
  /** What the turn is called in addresses, where its number does not tell it from others; `turn-3` when not given. */
  readonly anchor?: string;
  /** Who is shown: the world on the left, the player on the right. */
  readonly side: "world" | "player";
  /** Who speaks, in a word, such as `dungeon master`. */
  readonly speaker: string;
  readonly marks: readonly TurnMark[];
  /** What the marks mean here, such as `place error` or `refines turn 3`. */
  readonly notes: readonly string[];
  /** Whether training puts loss on it (Eq. 1); undefined where that is no question. */
  readonly loss?: boolean | undefined;
  /** From 0 to 1; undefined where there is none. */
  readonly progress?: number | undefined;
  /** What the progress is called; `progress` when not given. */
  readonly measure?: string | undefined;
  readonly thought?: string | undefined;
  readonly action?: string | undefined;
  /** What is said, where it is not a thought and an action. */
  readonly text?: string | undefined;
  /** What is folded away: the thought of a dungeon master, an exact message. */
  readonly folded?: readonly { readonly title: string; readonly text: string }[];
  /** Where the turn stands in a run of errors that ends with its refinement; undefined outside one. */
  readonly span?: "begin" | "within" | "end" | undefined;
}

const KINDS = [
  ["parameter error", "parameterError"],
  ["place error", "placeError"],
  ["logic error", "logicError"],
] as const satisfies readonly (readonly [string, keyof DungeonMasterTurn])[];

function words({ first, last, length }: ErrorRun): string {
  return length === 1 ? `turn ${first}` : `turns ${first} ${length === 2 ? "and" : "to"} ${last}`;
}

/** Where a turn stands in runs of errors with their refinements: from the first error to the turn that refines it. */
function spanOf(number: number, runs: readonly ErrorRun[], turns: number): ShownTurn["span"] {
  const run = runs.find(({ first, last }) => number >= first && number <= last + 2);
  if (run === undefined) return undefined;
  if (number === run.first) return "begin";
  return number === Math.min(run.last + 2, turns - 1) ? "end" : "within";
}

function playerTurn(
  turn: Turn & { readonly role: "Player" },
  number: number,
  next: Turn | undefined,
  runs: readonly ErrorRun[],
): ShownTurn {
  const said = { thought: turn.thought, action: turn.action };
  const base = { number, side: "player", speaker: "player", ...said } as const;
  if (next?.role !== "DM") return { ...base, marks: [], notes: ["not judged"], loss: false };
  const errors = KINDS.filter(([, flag]) => next[flag]).map(([kind]) => kind);
  if (errors.length > 0) return { ...base, marks: ["error"], notes: errors, loss: false };
  const refined = runs.find(({ last }) => last === number - 2);
  if (refined === undefined) return { ...base, marks: [], notes: [], loss: true };
  return { ...base, marks: ["refinement"], notes: [`refines ${words(refined)}`], loss: true };
}

/** The turns of a trajectory (App. M) for reading: errors, what refines them, and what training puts loss on. */
export function trajectoryDialogue(turns: readonly Turn[]): readonly ShownTurn[] {
  const runs = errorRuns(turns);
  // In long trajectories only those runs near a turn are looked at.
  let from = 0;
  return turns.map((turn, number) => {
    while ((runs[from]?.last ?? Number.POSITIVE_INFINITY) + 2 < number) from += 1;
    const near = runs.slice(from, from + 2);
    const span = spanOf(number, near, turns.length);
    if (turn.role === "Player") return { ...playerTurn(turn, number, turns[number + 1], near), span };
    return {
      number,
      side: "world",
      speaker: "dungeon master",
      marks: [],
      notes: turn.finished ? ["finished"] : [],
      progress: turn.progressRate,
      text: turn.observation,
      folded: [{ title: "what the dungeon master thought", text: turn.thought }],
      span,
    };
  });
}

/** A message of a chat, as data sets have them. */
export interface ChatMessage {
  readonly role: string;
  readonly content: string;
  readonly loss: boolean | null;
}

/** The messages of a chat for reading; answers in the form of ReAct are shown as thought and action. */
export function chatDialogue(messages: readonly ChatMessage[]): readonly ShownTurn[] {
  return messages.map(({ role, content, loss }, number) => {
    if (role !== "assistant") {
      return { number, side: "world", speaker: role, marks: [], notes: [], text: content };
    }
    const read = parseReAct(withReActLabels(content));
    const said = "code" in read ? { text: content } : { thought: read.thought, action: read.action };
    return { number, side: "player", speaker: "model", marks: [], notes: [], loss: loss !== false, ...said };
  });
}

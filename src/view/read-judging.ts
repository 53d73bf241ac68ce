import { readAnnotations } from "../annotation/annotation-file.ts";
import { type AcceptedRun, type Draw, type DrawSettings, drawTurns } from "../annotation/draw.ts";
import { type HistoryTurn, readJudgedTurn } from "../annotation/judged-turn.ts";
import { blindVerdict, readJudgements } from "../annotation/judgements.ts";
import type { TurnVerdict } from "../annotation/verdict.ts";
import { reliabilityOf, reliabilityParts } from "../report/reliability.ts";
import type { RunFolder } from "../runs/run-folder.ts";
import type { IndexedRun } from "../synthesis/indexed-run.ts";
import type { ShownTurn } from "./dialogue.ts";
import type { Annotating } from "./read-annotations.ts";
import type { OpenRun } from "./read-run.ts";
import { shownScript, type UsedTurn } from "./read-script.ts";

/** Trajectories of a draw, where an address does not say how many: as many as in the paper. */
const SAMPLE = 50;

/** Reads which turns are drawn, and which of them is to be shown, from an address. */
export function readDraw(given: Readonly<Record<string, string | undefined>>): DrawSettings & {
  /** From 1; undefined for the first that is still to be judged. */
  readonly at: number | undefined;
} {
  const whole = (text: string | undefined): number | undefined =>
    /^\d{1,6}$/.test(text ?? "") ? Number(text) : undefined;
  return { sample: whole(given.sample) || SAMPLE, seed: whole(given.seed) ?? 1, at: whole(given.at) };
}

/** What an index knows of a run, as section 8 draws from it. */
function acceptedOf(folder: RunFolder, run: IndexedRun): AcceptedRun {
  const accepted = run.entries.flatMap(({ id, outcome, record }) =>
    outcome === "accepted" ? [{ id, ...record }] : [],
  );
  return { folder, accepted };
}

/** The last draw of each run: going through its turns asks for the same again and again. */
const draws = new WeakMap<IndexedRun, { readonly key: string; readonly draw: Promise<Draw> }>();

/** Draws from a run as it is. Throws AgentRefineError when there is nothing to draw from. */
export function drawnFrom(folder: RunFolder, run: IndexedRun, settings: DrawSettings): Promise<Draw> {
  const key = `${run.version} ${settings.sample} ${settings.seed}`;
  const last = draws.get(run);
  if (last?.key === key) return last.draw;
  const draw = drawTurns(acceptedOf(folder, run), settings);
  draws.set(run, { key, draw });
  return draw;
}

/** What an annotator has said of each turn of a draw, in its order. */
export async function verdictsOn(
  directory: string,
  { turns }: Draw,
  { annotator }: Annotating,
): Promise<readonly (TurnVerdict | undefined)[]> {
  const annotations = await readAnnotations(directory);
  return turns.map((turn) => blindVerdict(annotations, { by: annotator }, turn));
}

/**
 * The place of the next turn without a verdict, from 1, in a circle; undefined when there is none, or just this one.
 */
export function nextOpen(verdicts: readonly (TurnVerdict | undefined)[], after: number): number | undefined {
  const places = verdicts.map((_verdict, step) => ((after + step) % verdicts.length) + 1);
  return places.find((place) => place !== after && verdicts[place - 1] === undefined);
}

function shownTurn(turn: HistoryTurn): ShownTurn {
  const plain = { number: turn.number, marks: [], notes: [] };
  return "observation" in turn
    ? { ...plain, side: "world", speaker: "observation", text: turn.observation }
    : { ...plain, side: "player", speaker: "player", thought: turn.thought, action: turn.action };
}

/** A turn to be judged without seeing its label (section 8), as its page shows it. */
export async function readJudging(
  { found, folder, run }: OpenRun,
  { annotator }: Annotating,
  settings: DrawSettings,
  at: number,
) {
  const draw = await drawnFrom(folder, run, settings);
  const drawn = draw.turns[at - 1];
  if (drawn === undefined) return undefined;
  const verdicts = await verdictsOn(folder.directory, draw, { annotator });
  const shown = await readJudgedTurn(acceptedOf(folder, run), drawn);
  const played = shown.history.map(
    (turn): UsedTurn => ("action" in turn ? { role: "Player", action: turn.action } : { role: "DM" }),
  );
  return {
    key: found.key,
    shown: found.shown,
    draw: settings,
    annotator,
    /** The place of the turn in the draw, from 1, how many there are, and how many are judged. */
    at,
    total: draw.turns.length,
    judged: verdicts.filter((verdict) => verdict !== undefined).length,
    /** What was said of it before. */
    earlier: verdicts[at - 1],
    /** The history without a word of the dungeon master's; the last turn is the one to be judged. */
    turns: [...shown.history, { number: drawn.turn, ...shown.judged }].map(shownTurn),
    script: shownScript(shown.script, played),
  };
}
export type JudgingView = NonNullable<Awaited<ReturnType<typeof readJudging>>>;

/** How reliable the labels of a run are, as its page shows it; with the way to judge when somebody may. */
export async function readReliability({ found, folder, run }: OpenRun, who: Annotating | undefined) {
  const reliability = reliabilityOf(await readJudgements(acceptedOf(folder, run)));
  return {
    key: found.key,
    shown: found.shown,
    /** Empty when nobody has judged. */
    parts: reliability.turns === 0 ? [] : reliabilityParts(reliability),
    annotator: who?.annotator,
  };
}
export type ReliabilityView = Awaited<ReturnType<typeof readReliability>>;

import type { Annotator } from "../../annotation/annotation.ts";
import { appendAnnotation, readAnnotations } from "../../annotation/annotation-file.ts";
import type { AcceptedRun, DrawnTurn } from "../../annotation/draw.ts";
import { readJudgedTurn } from "../../annotation/judged-turn.ts";
import { blindVerdict } from "../../annotation/judgements.ts";
import type { TurnVerdict } from "../../annotation/verdict.ts";
import type { Host } from "../terminal/host.ts";
import { type Keys, readKeys } from "../terminal/keys.ts";
import { paintFor } from "../terminal/text.ts";
import {
  type AskedTurn,
  explanation,
  moved,
  roomOf,
  screenLines,
  type Terminal,
  turnLines,
} from "./screen.ts";

// An own screen that leaves what was there before as it was, without a cursor.
const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";
const HOME = "\u001b[H";
const REST_OF_LINE = "\u001b[K";

const RESIZE_EVERY = 250;

/** What came of the asking. */
export interface Asked {
  /** How many of the drawn turns are judged by the annotator now. */
  readonly judged: number;
  /** How many are judged since it began. */
  readonly judgedNow: number;
  readonly wasInterrupted: boolean;
}

/** What a key does to the text, in lines; undefined for a key that does not move it. */
function moveOf(key: string, terminal: Terminal): number | undefined {
  const page = roomOf(terminal) - 1;
  const moves: Readonly<Record<string, number>> = {
    up: -1,
    k: -1,
    down: 1,
    j: 1,
    pageup: -page,
    pagedown: page,
    space: page,
    home: Number.NEGATIVE_INFINITY,
    end: Number.POSITIVE_INFINITY,
  };
  return Object.hasOwn(moves, key) ? moves[key] : undefined;
}

/** A screen of a terminal that is drawn anew with each key, and when its size changes. */
class Screen {
  readonly #host: Host;
  readonly #keys: Keys;
  readonly #stop: () => void;
  #draw: () => void = () => undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#keys = readKeys(host.stdin());
    host.stderr.write(ENTER);
    let { columns, rows } = host.stderr;
    this.#stop = host.every(RESIZE_EVERY, () => {
      if (host.stderr.columns === columns && host.stderr.rows === rows) return;
      ({ columns, rows } = host.stderr);
      this.#draw();
    });
  }

  get terminal(): Terminal {
    const { stderr, env } = this.#host;
    return { columns: stderr.columns, rows: stderr.rows, paint: paintFor(stderr, env) };
  }

  /** Shows a text until a key is pressed that does not move it; undefined when the terminal is gone. */
  async show(
    asked: AskedTurn | undefined,
    text: (terminal: Terminal) => readonly string[],
    begin: "top" | "end",
  ): Promise<string | undefined> {
    let top = moved(0, begin === "end" ? Number.POSITIVE_INFINITY : 0, text(this.terminal), this.terminal);
    this.#draw = () => {
      const lines = text(this.terminal);
      top = moved(top, 0, lines, this.terminal);
      const shown = screenLines(asked, lines, top, this.terminal);
      this.#host.stderr.write(`${HOME}${shown.map((line) => `${line}${REST_OF_LINE}`).join("\r\n")}`);
    };
    for (;;) {
      this.#draw();
      const key = await this.#keys.next();
      const by = key === undefined ? undefined : moveOf(key, this.terminal);
      if (by === undefined) return key;
      const next = moved(top, by, text(this.terminal), this.terminal);
      // An explanation goes away by any key that does not move it.
      if (asked === undefined && next === top) return key;
      top = next;
    }
  }

  /** Ends the waiting for a key, as if the terminal were gone. */
  end(): void {
    this.#keys.close();
  }

  close(): void {
    this.#stop();
    this.#keys.close();
    this.#host.stderr.write(LEAVE);
  }
}

const VERDICTS: Readonly<Record<string, TurnVerdict>> = { r: "right", w: "wrong" };
const QUITS: readonly (string | undefined)[] = ["q", "ctrl+c", "ctrl+d", undefined];

/** What a person has said of the turns that were drawn, and which of them come next. */
interface Judging {
  readonly turns: readonly DrawnTurn[];
  readonly said: ReadonlyMap<DrawnTurn, TurnVerdict>;
  /** Those that were left for later. */
  readonly skipped: Set<DrawnTurn>;
  /** The places of the turns that were answered, for going back. */
  readonly path: number[];
  readonly say: (turn: DrawnTurn, verdict: TurnVerdict) => Promise<void>;
}

/** The next place of a turn that is neither judged nor left for later; from the beginning again after the end. */
function nextPlace({ turns, said, skipped }: Judging, after: number): number | undefined {
  const places = turns.map((_turn, place) => (after + 1 + place) % turns.length);
  return places.find((place) => {
    const turn = turns[place];
    return turn !== undefined && !said.has(turn) && !skipped.has(turn);
  });
}

/** Does what a key says of a turn; gives the place of the turn to be asked next. */
async function answer(
  judging: Judging,
  key: string,
  place: number,
  turn: DrawnTurn,
): Promise<number | undefined> {
  const { skipped, path, say } = judging;
  if (key === "b") return path.pop() ?? place;
  const verdict = Object.hasOwn(VERDICTS, key) ? VERDICTS[key] : undefined;
  if (verdict !== undefined) await say(turn, verdict);
  else if (key === "s") skipped.add(turn);
  else return place;
  path.push(place);
  return nextPlace(judging, place);
}

/** Asks until all is judged or left for later, or until the annotator quits; gives the key that ended it. */
async function askAll(run: AcceptedRun, judging: Judging, screen: Screen): Promise<string | undefined> {
  const { turns, said } = judging;
  let place = nextPlace(judging, -1);
  while (place !== undefined) {
    const turn = turns[place];
    if (turn === undefined) return "q";
    const shown = await readJudgedTurn(run, turn);
    const asked = {
      shown,
      number: place + 1,
      total: turns.length,
      judged: said.size,
      earlier: said.get(turn),
    };
    const key = await screen.show(asked, (terminal) => turnLines(asked, terminal), "end");
    if (QUITS.includes(key)) return key;
    if (key === "?") {
      const after = await screen.show(undefined, explanation, "top");
      if (QUITS.includes(after)) return after;
    } else place = await answer(judging, key ?? "", place, turn);
  }
  return "q";
}

/**
 * Asks a person at a terminal about turns of a run, one at a time; each answer is kept before the next turn is shown.
 * What was judged before is not asked again, but for going back to it.
 */
export async function askAtTerminal(
  run: AcceptedRun,
  turns: readonly DrawnTurn[],
  annotator: Annotator,
  host: Host,
): Promise<Asked> {
  const { directory } = run.folder;
  const annotations = await readAnnotations(directory);
  const before = turns.flatMap((turn) => {
    const verdict = blindVerdict(annotations, annotator, turn);
    return verdict === undefined ? [] : [[turn, verdict] as const];
  });
  const said = new Map(before);
  let [judgedNow, wasInterrupted] = [0, false];
  if (said.size === turns.length) return { judged: said.size, judgedNow, wasInterrupted };
  const say = async (turn: DrawnTurn, verdict: TurnVerdict): Promise<void> => {
    const at = new Date(host.now()).toISOString();
    await appendAnnotation(directory, { kind: "turn", at, ...annotator, ...turn, verdict, blind: true });
    if (!said.has(turn)) judgedNow += 1;
    said.set(turn, verdict);
  };
  const screen = new Screen(host);
  const release = host.onInterrupt(() => {
    wasInterrupted = true;
    screen.end();
  });
  try {
    const first = await screen.show(undefined, explanation, "top");
    const judging = { turns, said, skipped: new Set<DrawnTurn>(), path: [], say };
    const last = QUITS.includes(first) ? first : await askAll(run, judging, screen);
    wasInterrupted ||= last === "ctrl+c";
  } finally {
    release();
    screen.close();
  }
  return { judged: said.size, judgedNow, wasInterrupted };
}

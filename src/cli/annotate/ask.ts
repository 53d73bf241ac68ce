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

/** The asking of one annotator. */
class Asking {
  readonly #run: AcceptedRun;
  readonly #turns: readonly DrawnTurn[];
  readonly #annotator: Annotator;
  readonly #now: () => number;
  readonly #said = new Map<DrawnTurn, TurnVerdict>();
  readonly #skipped = new Set<DrawnTurn>();
  /** The places of the turns that were shown, for going back. */
  readonly #path: number[] = [];
  #judgedNow = 0;

  constructor(run: AcceptedRun, turns: readonly DrawnTurn[], annotator: Annotator, now: () => number) {
    this.#run = run;
    this.#turns = turns;
    this.#annotator = annotator;
    this.#now = now;
  }

  /** Reads what the annotator has said before. */
  async read(): Promise<void> {
    const annotations = await readAnnotations(this.#run.folder.directory);
    for (const turn of this.#turns) {
      const verdict = blindVerdict(annotations, this.#annotator, turn);
      if (verdict !== undefined) this.#said.set(turn, verdict);
    }
  }

  get judged(): number {
    return this.#said.size;
  }

  get judgedNow(): number {
    return this.#judgedNow;
  }

  async #say(turn: DrawnTurn, verdict: TurnVerdict): Promise<void> {
    const at = new Date(this.#now()).toISOString();
    const line = { kind: "turn", at, ...this.#annotator, ...turn, verdict, blind: true } as const;
    await appendAnnotation(this.#run.folder.directory, line);
    if (!this.#said.has(turn)) this.#judgedNow += 1;
    this.#said.set(turn, verdict);
  }

  /** The next place of a turn that is neither judged nor left for later; from the beginning again after the end. */
  #next(after: number): number | undefined {
    const places = this.#turns.map((_turn, place) => (after + 1 + place) % this.#turns.length);
    return places.find((place) => {
      const turn = this.#turns[place];
      return turn !== undefined && !this.#said.has(turn) && !this.#skipped.has(turn);
    });
  }

  /** Asks until all is judged or left for later, or until the annotator quits; gives the key that ended it. */
  async ask(screen: Screen): Promise<string | undefined> {
    let place = this.#next(-1);
    while (place !== undefined) {
      const turn = this.#turns[place];
      if (turn === undefined) return "q";
      const asked: AskedTurn = {
        shown: await readJudgedTurn(this.#run, turn),
        number: place + 1,
        total: this.#turns.length,
        judged: this.judged,
        earlier: this.#said.get(turn),
      };
      const key = await screen.show(asked, (terminal) => turnLines(asked, terminal), "end");
      if (QUITS.includes(key)) return key;
      if (key === "?") {
        const answer = await screen.show(undefined, explanation, "top");
        if (QUITS.includes(answer)) return answer;
      } else place = await this.#answer(key ?? "", place, turn);
    }
    return "q";
  }

  /** What a key says of a turn; gives the place of the turn to be asked next. */
  async #answer(key: string, place: number, turn: DrawnTurn): Promise<number | undefined> {
    if (key === "b") return this.#path.pop() ?? place;
    const verdict = Object.hasOwn(VERDICTS, key) ? VERDICTS[key] : undefined;
    if (verdict !== undefined) await this.#say(turn, verdict);
    else if (key === "s") this.#skipped.add(turn);
    else return place;
    this.#path.push(place);
    return this.#next(place);
  }
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
  const asking = new Asking(run, turns, annotator, host.now);
  await asking.read();
  if (asking.judged === turns.length) return { judged: turns.length, judgedNow: 0, wasInterrupted: false };
  const screen = new Screen(host);
  let wasInterrupted = false;
  const release = host.onInterrupt(() => {
    wasInterrupted = true;
    screen.end();
  });
  try {
    const first = await screen.show(undefined, explanation, "top");
    const last = QUITS.includes(first) ? first : await asking.ask(screen);
    wasInterrupted ||= last === "ctrl+c";
  } finally {
    release();
    screen.close();
  }
  return { judged: asking.judged, judgedNow: asking.judgedNow, wasInterrupted };
}

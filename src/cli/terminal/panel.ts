import type { BatchSnapshot } from "../../batch/batch-run.ts";
import type { LimiterSnapshot } from "../../model/limiter.ts";
import type { CallActivity } from "../../model/stack.ts";
import { counted, dollars, duration, share, shortNumber, wholeNumber } from "../../numbers.ts";
import { printableLine } from "../../printable.ts";
import { type Pace, secondsLeft } from "./progress.ts";
import { cut } from "./table.ts";
import type { Paint, Style } from "./text.ts";

/** A way in which pieces of work end, and how many have. */
export interface PanelCount {
  readonly label: string;
  readonly count: number;
  readonly style: Style;
  /** Whether its share of what has ended is told too. */
  readonly withShare?: true;
}

/** What a panel tells of: a run, or an evaluation. */
export interface PanelState extends Pace {
  /** What came of the pieces of work that have ended. */
  readonly counts: readonly PanelCount[];
  /** Pieces of work that are under way at once, at most. */
  readonly concurrency: number;
  readonly tokens: number;
  /** Tokens that models have written, in calls that have ended. */
  readonly completionTokens: number;
  /** The share of the prompts' tokens that the provider read from its cache, from 0 to 1; not told where it is 0. */
  readonly cachedShare?: number;
  /** Dollars so far; null when the price is not known. */
  readonly cost: number | null;
  /** Undefined for a model that is not on a wire. */
  readonly limiter: LimiterSnapshot | undefined;
  readonly activity: CallActivity | undefined;
  /** What waits at a batch service; undefined for work that is asked live. */
  readonly batches?: BatchSnapshot | undefined;
}

const BAR = 16;
/** Milliseconds over which the speed of writing is measured. */
const WINDOW = 10_000;
/** Characters of a token, for what streams have brought so far: servers count tokens only at the end. */
const CHARACTERS_PER_TOKEN = 4;
/** Seconds without a sign of the server after which it is told. */
const SILENT = 10;
const BETWEEN = "   ";

function bar(done: number, total: number): string {
  const full = total === 0 ? 0 : Math.floor((BAR * done) / total);
  return "━".repeat(full) + "─".repeat(BAR - full);
}

/** Why calls wait, in words of their own and the provider's; nothing when they just wait for their turn. */
function waitReason({ limiter, activity }: PanelState): string {
  const { paused = 0, pausedBecause = "" } = limiter ?? {};
  if (paused >= 1000) return `asked to wait ${duration(paused / 1000)}: ${pausedBecause}`;
  if (activity === undefined) return "";
  if (activity.retrying > 0) return `retrying ${activity.retrying}: ${activity.lastFailure ?? ""}`;
  const silent = activity.silentFor / 1000;
  return silent >= SILENT ? `nothing has come for ${duration(silent)}` : "";
}

/**
 * What the whole will have cost. What is under way counts as half done, or the beginning of a run, when much is
 * begun and little has ended, would seem to cost many times what it does.
 */
function projected({ cost, ended, total, concurrency }: PanelState): number | undefined {
  const open = Math.min(concurrency, total - ended);
  return cost === null || ended === 0 || open === 0 ? undefined : (cost * total) / (ended + open / 2);
}

/** What waits at a batch service. */
function batchesLine({ open, requests, answered, over, again }: BatchSnapshot): string {
  return [
    `${counted(open, "batch", "batches")} open with ${counted(requests, "request")}`,
    ...(answered === 0 ? [] : [`${wholeNumber(answered)} answered`]),
    `${wholeNumber(over)} over`,
    ...(again === 0 ? [] : [`asked again ${wholeNumber(again)}`]),
  ].join(BETWEEN);
}

/** Three lines that stay where they are while the numbers in them change. */
export class Panel {
  readonly #paint: Paint;
  readonly #now: () => number;
  readonly #samples: { readonly at: number; readonly tokens: number }[] = [];

  constructor(paint: Paint, now: () => number) {
    this.#paint = paint;
    this.#now = now;
  }

  /** The lines for a width in columns; where that is infinite, without what belongs to a terminal. */
  lines(state: PanelState, width: number): readonly string[] {
    const isPlain = width === Number.POSITIVE_INFINITY;
    const perSecond = this.#perSecond(state);
    const wire = this.#wireLine(state, perSecond);
    const money = this.#moneyLine(state);
    return [
      this.#workLine(state, width, isPlain),
      ...(wire === "" ? [] : [cut(wire, width)]),
      cut(money, width),
    ];
  }

  #workLine({ ended, total, counts }: PanelState, width: number, isPlain: boolean): string {
    const pad = (text: string, room: number): string => (isPlain ? text : text.padStart(room));
    const room = String(total).length;
    const done = `${pad(`${ended}`, room)}/${total}`;
    const texts = counts.map(({ label, count, withShare }) => {
      const part = withShare === true ? ` ${pad(`(${share(count, ended)})`, "(100.0 %)".length)}` : "";
      return `${label} ${pad(`${count}`, room)}${part}`;
    });
    const plain = [done, ...texts].join(isPlain ? "  " : BETWEEN);
    if (isPlain || plain.length > width) return cut(plain, width);
    const painted = counts.map(({ count, style }, place) =>
      count === 0 ? (texts[place] ?? "") : this.#paint(style, texts[place] ?? ""),
    );
    const withBar = BAR + BETWEEN.length + plain.length <= width;
    const head = withBar ? [this.#paint("green", bar(ended, total))] : [];
    return [...head, this.#paint("bold", done), ...painted].join(BETWEEN);
  }

  #wireLine(state: PanelState, perSecond: number): string {
    const { limiter, activity, batches } = state;
    if (batches !== undefined) return batchesLine(batches);
    if (limiter === undefined || activity === undefined) return "";
    const room = String(state.concurrency).length;
    const waiting = String(limiter.waiting + activity.retrying).padStart(room);
    const reason = printableLine(waitReason(state)).trim();
    return [
      `on the wire ${String(activity.running).padStart(room)} of ${limiter.limit}`,
      `${shortNumber(perSecond).padStart(5)} tokens/s`,
      `waiting ${waiting}${reason === "" ? "" : ` (${reason})`}`,
    ].join(BETWEEN);
  }

  #moneyLine(state: PanelState): string {
    const { cost, tokens, cachedShare = 0, limiter, activity, seconds } = state;
    const whole = projected(state);
    const left = secondsLeft(state);
    const sum = whole === undefined ? "" : ` of about ${dollars(whole)}`;
    return [
      left === undefined ? `after ${duration(seconds)}` : `eta ${duration(left)}`,
      ...(cost === null || cost === 0 ? [] : [`${dollars(cost)}${sum}`]),
      ...(tokens === 0 && activity === undefined ? [] : [`${shortNumber(tokens)} tokens`]),
      ...(activity === undefined ? [] : [`retried ${wholeNumber(activity.retried)}`]),
      ...(limiter === undefined ? [] : [`throttled ${wholeNumber(limiter.throttled)}`]),
      ...(cachedShare === 0 ? [] : [`cached ${Math.round(100 * cachedShare)} %`]),
    ].join(BETWEEN);
  }

  /** Tokens a second over the last seconds, those of streams that still run included. */
  #perSecond({ completionTokens, activity }: PanelState): number {
    const at = this.#now();
    const tokens = completionTokens + (activity?.streamedCharacters ?? 0) / CHARACTERS_PER_TOKEN;
    this.#samples.push({ at, tokens });
    while (this.#samples.length > 2 && at - (this.#samples[0]?.at ?? at) > WINDOW) this.#samples.shift();
    const [first] = this.#samples;
    if (first === undefined || at - first.at < 500) return 0;
    return Math.max(0, (1000 * (tokens - first.tokens)) / (at - first.at));
  }
}

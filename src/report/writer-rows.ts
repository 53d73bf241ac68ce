import { wilson } from "../evaluation/metrics/interval.ts";
import { counted, dollars, mostFrequent, share, wholeNumber } from "../numbers.ts";
import {
  boughtInAll,
  endedPersonas,
  type Purchases,
  type Tally,
  type WritersTally,
} from "../synthesis/tally.ts";

/** Kinds of faults that are told of each writer. */
const MOST_KINDS = 3;

/** What its calls have bought for each accepted trajectory, what was paid for the others included, in words. */
export interface BoughtEach {
  readonly outputEach: string;
  readonly costEach: string;
}

/** One of several writers of a run beside the others, in words. */
export interface WriterRow extends BoughtEach {
  readonly label: string;
  readonly ended: string;
  /** With the 95 % interval, since a few personas say little: `91.4 % (86 to 95)`. */
  readonly acceptance: string;
  /** Of one whose calls two models answer, what was bought of each. */
  readonly parts: readonly ({ readonly name: string } & BoughtEach)[];
  readonly faults: string;
  /** The commonest faults by their codes. */
  readonly faultKinds: string;
}

function acceptance(writer: WritersTally): string {
  const count = endedPersonas(writer);
  if (count === 0) return "–";
  const { accepted } = writer.outcomes;
  const { low, high } = wilson(accepted / count, count);
  return `${share(accepted, count)} (${Math.round(100 * low)} to ${Math.round(100 * high)})`;
}

function boughtEach({ completionTokens, cost }: Purchases, accepted: number): BoughtEach {
  const each = (amount: number | null, text: (value: number) => string): string =>
    amount === null || accepted === 0 ? "–" : text(amount / accepted);
  return { outputEach: each(completionTokens, wholeNumber), costEach: each(cost, dollars) };
}

function faultsOf({ faults }: WritersTally): Pick<WriterRow, "faults" | "faultKinds"> {
  const counts = mostFrequent(faults);
  const told = counts.slice(0, MOST_KINDS).map(([code, count]) => `${code} ${wholeNumber(count)}`);
  const others = counts.length - told.length;
  return {
    faults: wholeNumber(counts.reduce((sum, [, count]) => sum + count, 0)),
    faultKinds: [...told, ...(others > 0 ? [counted(others, "further kind")] : [])].join(", "),
  };
}

/** The writers of a run by their names; none of a run that one model writes. */
export function writerRows({ writers = {} }: Pick<Tally, "writers">): readonly WriterRow[] {
  const sorted = Object.entries(writers).sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([label, writer]) => {
    const { accepted } = writer.outcomes;
    const parts = { scripts: writer.script, trajectories: writer.trajectory };
    return {
      label,
      ended: wholeNumber(endedPersonas(writer)),
      acceptance: acceptance(writer),
      ...boughtEach(boughtInAll(writer), accepted),
      parts: label.includes(" + ")
        ? Object.entries(parts).map(([name, bought]) => ({ name, ...boughtEach(bought, accepted) }))
        : [],
      ...faultsOf(writer),
    };
  });
}

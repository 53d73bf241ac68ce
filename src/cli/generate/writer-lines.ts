import { wilson } from "../../evaluation/metrics/interval.ts";
import { counted, dollars, share, wholeNumber } from "../../numbers.ts";
import { printableLine } from "../../printable.ts";
import type { Tally } from "../../synthesis/tally.ts";
import { boughtInAll, type Purchases, type WritersTally } from "../../synthesis/writers-tally.ts";
import { type Alignment, cut, type Row, tableLines } from "../terminal/table.ts";

/** Columns of a name; the columns behind it fit the rest of 80. */
const LONGEST_NAME = 32;
/** Kinds of faults that are told of each writer. */
const MOST_KINDS = 3;
const SIDES: readonly Alignment[] = ["left", "right", "left", "right", "right"];

function ended({ outcomes }: WritersTally): number {
  return outcomes.accepted + outcomes.rejected + outcomes.failed;
}

/** Per cent accepted with the 95 % interval, since a few personas say little: `91.4 % (86 to 95)`. */
function acceptance(writer: WritersTally): string {
  const count = ended(writer);
  if (count === 0) return "–";
  const { accepted } = writer.outcomes;
  const { low, high } = wilson(accepted / count, count);
  return `${share(accepted, count)} (${Math.round(100 * low)} to ${Math.round(100 * high)})`;
}

/** Something for each accepted trajectory, what was paid for the others included. */
function each(amount: number | null, accepted: number, text: (value: number) => string): string {
  return amount === null || accepted === 0 ? "–" : text(amount / accepted);
}

function boughtCells({ completionTokens, cost }: Purchases, accepted: number): readonly [string, string] {
  return [each(completionTokens, accepted, wholeNumber), each(cost, accepted, dollars)];
}

/** What a writer whose calls two models answer has bought of each. */
function partRows(label: string, { script, trajectory, outcomes }: WritersTally): readonly Row[] {
  if (!label.includes(" + ")) return [];
  return [
    ["    scripts", "", "", ...boughtCells(script, outcomes.accepted)],
    ["    trajectories", "", "", ...boughtCells(trajectory, outcomes.accepted)],
  ];
}

function faultCells({ faults }: WritersTally): readonly [string, string] {
  const counts = Object.entries(faults).sort(([codeA, a], [codeB, b]) => b - a || (codeA < codeB ? -1 : 1));
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  const told = counts.slice(0, MOST_KINDS).map(([code, count]) => `${code} ${wholeNumber(count)}`);
  const others = counts.length - told.length;
  return [wholeNumber(all), [...told, ...(others > 0 ? [counted(others, "further kind")] : [])].join(", ")];
}

/** The writers of a run side by side, and the faults of each; nothing of a run that one model writes. */
export function writerLines({ writers = {} }: Tally, width: number): readonly string[] {
  const sorted = Object.entries(writers).sort(([one], [other]) => (one < other ? -1 : 1));
  if (sorted.length === 0) return [];
  const name = (label: string): string => `  ${cut(printableLine(label), LONGEST_NAME)}`;
  const rows: readonly Row[] = [
    ["Writers", "ended", "accepted (95 %)", "output each", "cost each"],
    ...sorted.flatMap(([label, writer]): readonly Row[] => [
      [
        name(label),
        wholeNumber(ended(writer)),
        acceptance(writer),
        ...boughtCells(boughtInAll(writer), writer.outcomes.accepted),
      ],
      ...partRows(label, writer),
    ]),
  ];
  const faults: readonly Row[] = [
    ["Faults met"],
    ...sorted.map(([label, writer]) => [name(label), ...faultCells(writer)]),
  ];
  return [
    ...tableLines(rows, SIDES),
    "",
    ...tableLines(faults, ["left", "right", "left"]).map((line) => cut(line, width)),
    "",
  ];
}

/** The writers of a run as JSON: counts, what was bought, and the interval of the acceptance. */
export function writersJson({ writers }: Tally): object {
  if (writers === undefined) return {};
  const told = Object.entries(writers).map(([label, writer]) => {
    const count = ended(writer);
    const { accepted } = writer.outcomes;
    return [label, { ...writer, acceptance: count === 0 ? null : wilson(accepted / count, count) }];
  });
  return { writers: Object.fromEntries(told) };
}

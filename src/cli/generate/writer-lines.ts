import { wilson } from "../../evaluation/metrics/interval.ts";
import { printableLine } from "../../printable.ts";
import { writerRows } from "../../report/writer-rows.ts";
import { endedPersonas, type Tally } from "../../synthesis/tally.ts";
import { type Alignment, cut, type Row, tableLines } from "../terminal/table.ts";

/** Columns of a name; the columns behind it fit the rest of 80. */
const LONGEST_NAME = 32;
const SIDES: readonly Alignment[] = ["left", "right", "left", "right", "right"];

/** The writers of a run side by side, and the faults of each; nothing of a run that one model writes. */
export function writerLines(tally: Tally, width: number): readonly string[] {
  const writers = writerRows(tally);
  if (writers.length === 0) return [];
  const name = (label: string): string => `  ${cut(printableLine(label), LONGEST_NAME)}`;
  const rows: readonly Row[] = [
    ["Writers", "ended", "accepted (95 %)", "output each", "cost each"],
    ...writers.flatMap(({ label, ended, acceptance, outputEach, costEach, parts }): readonly Row[] => [
      [name(label), ended, acceptance, outputEach, costEach],
      ...parts.map((part): Row => [`    ${part.name}`, "", "", part.outputEach, part.costEach]),
    ]),
  ];
  const faults: readonly Row[] = [
    ["Faults met"],
    ...writers.map(({ label, faults, faultKinds }) => [name(label), faults, faultKinds]),
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
    const count = endedPersonas(writer);
    const { accepted } = writer.outcomes;
    return [label, { ...writer, acceptance: count === 0 ? null : wilson(accepted / count, count) }];
  });
  return { writers: Object.fromEntries(told) };
}

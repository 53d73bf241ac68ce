import * as z from "zod";
import { AgentRefineError } from "../errors.ts";
import { heldOutScore } from "../evaluation/metrics/held-out.ts";
import { shippedData } from "../shipped.ts";

/** A number of the paper as it is printed, in per cent or on MT-bench's scale. */
export interface PaperScore {
  readonly value: number;
  /** Over ten attempts, in Table 10. */
  readonly deviation?: number | undefined;
}

/** One row of a table of the paper. */
export interface PaperRow {
  /** The base model, where the table has several. */
  readonly series: string;
  readonly method: string;
  /**
   * By the column (a suite; in Tables 3 and 11 a perturbation) and the measure. What the row leaves blank is missing.
   */
  readonly scores: ReadonlyMap<string, Readonly<Record<string, PaperScore>>>;
}

/** When a table belongs beside evaluations: always, with several attempts, with Reflexion, or when it is asked for. */
const WHEN = ["always", "sampled", "reflexion", "asked"] as const;

const tableSchema = z
  .object({
    title: z.string(),
    /** Of tables whose columns are perturbations: what is perturbed. */
    suite: z.string().optional(),
    when: z.enum(WHEN),
    columns: z.array(z.string()),
    measures: z.array(z.string()),
    /** Series, method, and the numbers as they are printed: the measures of each column in turn, `-` for a blank. */
    rows: z.array(z.tuple([z.string(), z.string(), z.string()])),
  })
  .transform(({ columns, measures, rows, ...rest }) => ({
    ...rest,
    rows: rows.map(([series, method, printed]): PaperRow => {
      const cells = printed.split(" ").map(scoreOf);
      const scores = columns.flatMap((column, place): [string, Record<string, PaperScore>][] => {
        const own = measures.flatMap((measure, next) => {
          const score = cells[place * measures.length + next];
          return score === undefined ? [] : [[measure, score] as const];
        });
        return own.length === 0 ? [] : [[column, Object.fromEntries(own)]];
      });
      return { series, method, scores: new Map(scores) };
    }),
  }));

function scoreOf(printed: string): PaperScore | undefined {
  const [value, deviation] = printed.split("±").map(Number);
  if (value === undefined || Number.isNaN(value)) return undefined;
  return { value, deviation };
}

/** A table of the paper to put beside evaluations. */
export type PaperTable = z.infer<typeof tableSchema>;

/** The paper's tables: of suites, and of the perturbations of ALFWorld (Tables 3 and 11). */
export const printedTables = shippedData(
  "paper-tables.json",
  z.object({ rates: z.array(tableSchema), robustness: z.array(tableSchema) }),
);

/** What decides which tables belong beside evaluations. */
interface PaperNeeds {
  /** Some have several attempts at each task. */
  readonly sampled: boolean;
  /** Some use Reflexion. */
  readonly reflexion: boolean;
  /** What is asked for beside, such as `Table 2`. */
  readonly asked: readonly string[];
}

/** Those of the tables that belong beside evaluations. */
export function tablesFor(
  tables: readonly PaperTable[],
  { sampled, reflexion, asked }: PaperNeeds,
): readonly PaperTable[] {
  const met = { always: true, sampled, reflexion, asked: false };
  return tables.filter(({ title, when }) => met[when] || asked.includes(numberOf(title)));
}

/** `Table 2` of `Table 2, ablations`. */
export function numberOf(title: string): string {
  return title.split(",")[0] ?? title;
}

/** The numbers of tables as they are asked for, such as `2` or `Figure 12`. Throws AgentRefineError for another. */
export function askedTables(names: readonly string[]): readonly string[] {
  const { rates, robustness } = printedTables();
  const known = [...rates, ...robustness].map(({ title }) => numberOf(title));
  return names.map((name) => {
    const words = name.trim();
    const title = /^\d+$/.test(words) ? `Table ${words}` : words;
    const found = known.find((each) => each.toLowerCase() === title.toLowerCase());
    if (found !== undefined) return found;
    throw new AgentRefineError(`the paper has no scores in ${JSON.stringify(title)}`, {
      fix: `It has some in ${known.join(", ")}.`,
    });
  });
}

/** The score of a row over these suites with App. A's weights, in per cent; undefined when it lacks one. */
export function paperHeldOut(
  { scores }: PaperRow,
  suites: readonly string[],
  measure: string,
): number | undefined {
  const values = suites.flatMap((suite): [string, number][] => {
    const score = scores.get(suite)?.[measure];
    return score === undefined ? [] : [[suite, score.value]];
  });
  return values.length < suites.length ? undefined : heldOutScore(new Map(values));
}

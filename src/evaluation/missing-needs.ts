import { fetchFix } from "../data/published.ts";
import type { Need } from "../environment/need.ts";
import type { LoadOptions, SuiteDefinition } from "../environment/suite.ts";
import { AgentRefineError } from "../errors.ts";

/** A suite with what it cannot be played without and is not there; nothing where it can be. */
interface Lacking {
  readonly name: string;
  readonly lacks: readonly Need[];
}

/** What suites lack. */
export async function lackingOf(
  suites: readonly SuiteDefinition[],
  options: LoadOptions,
): Promise<readonly Lacking[]> {
  return Promise.all(
    suites.map(async ({ name, needs }) => ({
      name,
      lacks: (await needs(options)).filter(({ found, optional = false }) => !found && !optional),
    })),
  );
}

/** Which suites lack what, all in one line, and what brings it. */
export function missingWords(lacking: readonly Lacking[]): {
  readonly problem: string;
  readonly fix: string;
} {
  const suites = lacking.filter(({ lacks }) => lacks.length > 0);
  const all = suites.flatMap(({ name, lacks }) => lacks.map((each) => ({ name, ...each })));
  const data = [...new Set(all.flatMap(({ data: set }) => set ?? []))];
  const others = all.filter((each) => each.data === undefined);
  return {
    problem: suites
      .map(({ name, lacks }) => `${name} (${lacks.map(({ need }) => need).join("; ")})`)
      .join(", "),
    fix: [
      ...(data.length === 0 ? [] : [fetchFix(...data)]),
      ...others.map(({ name, need, detail }) => `For ${name}, ${need}: ${detail}.`),
    ].join(" "),
  };
}

/** An error of several things that are missing at once; undefined where there is one at most, which says so itself. */
export async function severalMissing(
  suites: readonly SuiteDefinition[],
  options: LoadOptions,
): Promise<AgentRefineError | undefined> {
  const lacking = await lackingOf(suites, options);
  if (lacking.flatMap(({ lacks }) => lacks).length < 2) return undefined;
  const { problem, fix } = missingWords(lacking);
  return new AgentRefineError(`what these suites need is missing: ${problem}`, { fix });
}

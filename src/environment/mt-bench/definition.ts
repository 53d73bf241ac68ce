import { publishedFolder } from "../../data/published.ts";
import { dataNeed } from "../need.ts";
import type { Measure, SuiteDefinition } from "../suite.ts";

const GRADE = { range: [1, 10], over: "last", optional: true } as const;

/** The mean of both turns' grades, then each of them. */
const MEASURES: readonly Measure[] = [
  { name: "score", ...GRADE },
  { name: "turn-1", ...GRADE },
  { name: "turn-2", ...GRADE },
];

/** Who judges in the paper (App. J). */
const JUDGE = "gpt-4o-2024-05-13";

/** MT-bench: instructions of two turns, graded by a model (App. J, Figure 12). */
export const MT_BENCH: SuiteDefinition = {
  name: "mt-bench",
  measures: MEASURES,
  graded: true,
  rounds: true,
  paper: {
    column: "MT-bench",
    tasks: 80,
    turns: 2,
    heldOut: false,
    unlike: ({ scoring, problems }) => [
      ...(scoring === `graded by ${JUDGE}` ? [] : [`${scoring} in place of ${JUDGE}`]),
      ...(problems === "80 questions" ? [] : [problems]),
    ],
  },
  rules: ["agentboard"],
  perturbations: {},
  async needs({ judge }) {
    return [
      dataNeed("MT-bench's questions", "mt-bench", await publishedFolder("mt-bench")),
      { need: "a judge", found: judge !== undefined, detail: judge?.name ?? "give 'judge' MODEL" },
    ];
  },
  async load(options) {
    const { loadMtBench } = await import("./mt-bench-suite.ts");
    return loadMtBench(MEASURES, options);
  },
};

import { publishedFolder } from "../../data/published.ts";
import { dataNeed } from "../need.ts";
import type { Measure, SuiteDefinition } from "../suite.ts";

const MEASURES: readonly Measure[] = [
  { name: "em", range: [0, 1], over: "last" },
  { name: "f1", range: [0, 1], over: "last" },
];

/** HotpotQA: questions that are answered from Wikipedia (section 6, Figure 8). */
export const HOTPOTQA: SuiteDefinition = {
  name: "hotpotqa",
  measures: MEASURES,
  rounds: true,
  paper: {
    column: "HotpotQA",
    tasks: 300,
    turns: 8,
    heldOut: false,
    unlike: ({ rules, problems }) => [
      ...(rules === "agentboard" ? [] : [`${rules} rules`]),
      ...(problems.includes(", pages of ") ? ["pages of a mirror"] : []),
    ],
  },
  rules: ["agentboard", "plain"],
  perturbations: {},
  async needs({ recorded, wikipedia }) {
    const pages = recorded ?? wikipedia ?? "en.wikipedia.org";
    return [
      dataNeed("HotpotQA's questions", "hotpotqa", await publishedFolder("hotpotqa")),
      { need: "pages of Wikipedia", found: true, detail: `from ${pages}; each is kept` },
    ];
  },
  async reach(options) {
    const { pagesOf } = await import("./hotpotqa-suite.ts");
    await (await pagesOf(options)).reach();
  },
  async load(options) {
    const { loadHotpotqa } = await import("./hotpotqa-suite.ts");
    return loadHotpotqa(MEASURES, options);
  },
};

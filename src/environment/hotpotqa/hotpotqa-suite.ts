import { join } from "node:path";
import { cacheHome } from "../../data/cache.ts";
import { fetchFix, publishedFolder } from "../../data/published.ts";
import { AgentRefineError } from "../../errors.ts";
import type { LoadOptions, Measure, Suite, Task } from "../suite.ts";
import type { World } from "../world.ts";
import { questionGuide } from "./guide.ts";
import { openPages, type Pages } from "./pages.ts";
import { questionWorld } from "./question-world.ts";
import { DRAWN, drawQuestions, type Question, readQuestions } from "./questions.ts";
import { LATS_RULES, PLAIN_RULES, type QuestionRules } from "./rules.ts";
import { openSite, WIKIPEDIA } from "./wikipedia.ts";

/** The seconds that a step may take: a search and what Wikipedia asks to wait. */
const STEP_SECONDS = 400;

/** The runner of the original makes the first letter of an action small before its environment sees it. */
function withSmallLetter(world: World): World {
  return {
    ...world,
    step: (action) => world.step(action.replace(/^\s*\S/, (start) => start.toLowerCase())),
  };
}

function createTask(question: Question, pages: Pages, rules: QuestionRules): Task {
  return {
    id: `dev-${question.row}`,
    group: question.type,
    open: async (outside) => withSmallLetter(questionWorld(question, rules, pages.forEpisode(outside))),
    solve: async () => [`finish[${question.answer}]`],
  };
}

/** Where the pages of a suite come from and are kept. */
export async function pagesOf({ wikipedia, recorded, pages }: LoadOptions): Promise<Pages> {
  if (recorded !== undefined) return openPages({ folder: recorded });
  const folder = pages ?? join(cacheHome(process.env), "pages");
  return openPages({ folder, site: await openSite(wikipedia ?? WIKIPEDIA) });
}

/** HotpotQA with its questions. Rejects with an AgentRefineError when they or Wikipedia cannot be had. */
export async function loadHotpotqa(measures: readonly Measure[], options: LoadOptions): Promise<Suite> {
  const { compat, split = "test", seed = 1, wikipedia } = options;
  const folder = await publishedFolder("hotpotqa");
  if (folder === undefined) {
    throw new AgentRefineError("HotpotQA's questions are not on this machine", {
      fix: fetchFix("hotpotqa"),
    });
  }
  const { questions, problems } = await readQuestions(folder);
  const rules = compat === "plain" ? PLAIN_RULES : LATS_RULES;
  const pages = await pagesOf(options);
  if (options.recorded !== undefined) await pages.reach();
  const tasks = drawQuestions(questions, split, seed).map((question) => createTask(question, pages, rules));
  const instruction = await questionGuide(rules);
  const drawn = split === "test" ? `${Math.min(DRAWN, tasks.length)} questions` : "the other questions";
  const mirror = wikipedia === undefined ? "" : `, pages of ${wikipedia}`;
  return {
    name: "hotpotqa",
    variant: {
      rules: compat,
      problems: `${drawn} of HotpotQA's development set drawn with seed ${seed}${mirror}`,
      scoring: "",
      words: null,
    },
    measures,
    maxTurns: 8,
    stepSeconds: STEP_SECONDS,
    remarks: problems,
    tasks,
    instruction: (_task, start) => instruction(start),
  };
}

import { type Game, games } from "../../src/environment/pddl/games.ts";
import { createPddlWorld } from "../../src/environment/pddl/pddl-world.ts";
import { agentboardText, hasAgentboard } from "../../src/environment/pddl/testing/agentboard-data.ts";
import { hasRecordings, recording } from "../../src/environment/testing/recordings.ts";
import type { PureWorld } from "../../src/environment/world.ts";
import { parseProblem } from "../../src/pddl/problem.ts";
import { type Arm, alternate } from "../support/alternate.ts";
import { atLeast, type Benchmark, notMeasured } from "../support/benchmark.ts";
import { clockWork } from "../support/work.ts";

/** Steps a second that the original made on two cores of this kind. */
const ORIGINAL_STEPS = 779;
const GOAL_STEPS = 10_000;
const GOAL_PROBLEMS = 1_000;

/** A problem as it lies on the disk. */
interface ProblemText {
  readonly game: Game;
  readonly text: string;
}

interface Walk {
  readonly problem: ProblemText;
  readonly actions: readonly string[];
}

interface RecordedWalk {
  readonly game: string;
  readonly problem_file: string;
  readonly steps: readonly { readonly action: string }[];
}

function readProblem({ game: name, problem_file }: RecordedWalk): ProblemText {
  const game = games().find((one) => one.name === name);
  const text = agentboardText(`pddl/${name}/${problem_file}`);
  if (game === undefined || text === undefined) throw new Error(`there is no ${name}/${problem_file}`);
  return { game, text };
}

function recordedWalks(name: string): readonly Walk[] {
  const lines = recording(`pddl/${name}.jsonl.gz`).trim().split("\n");
  return lines.map((line) => {
    const row: RecordedWalk = JSON.parse(line);
    return { problem: readProblem(row), actions: row.steps.map(({ action }) => action) };
  });
}

function load({ game, text }: ProblemText): PureWorld {
  return createPddlWorld(game, parseProblem(text, game.domain));
}

/** Measures how many of `amount` things a second the work does. */
function rate(name: string, amount: number, work: () => void): Arm<number> {
  return { name, measure: async () => (amount / (await clockWork(work)).wall) * 1000 };
}

function stepsArm(name: string, walks: readonly Walk[], passes: number): Arm<number> {
  const played = walks.map(({ problem, actions }) => ({ world: load(problem), actions }));
  const steps = walks.reduce((sum, { actions }) => sum + actions.length, 0);
  return rate(name, steps * passes, () => {
    for (let pass = 0; pass < passes; pass += 1) {
      for (const { world, actions } of played) {
        world.reset();
        for (const action of actions) {
          world.step(action);
          world.actions();
        }
      }
    }
  });
}

function loadsArm(game: Game, problems: readonly ProblemText[], passes: number): Arm<number> {
  return rate(`problems begun, ${game.name}`, problems.length * passes, () => {
    for (let pass = 0; pass < passes; pass += 1) {
      for (const problem of problems) load(problem).reset();
    }
  });
}

/** The PDDL games with AgentBoard's wrapper, on the recorded walks and their problems. */
export const pddl: Benchmark = {
  name: "pddl",
  question: "How many steps a second do the PDDL games make, and how many problems a second do they begin?",
  async run({ quick, progress }) {
    if (!hasRecordings || !hasAgentboard) {
      return notMeasured(
        "the recordings in ../shared/parity and AgentBoard's problems in ../shared/agentboard",
      );
    }
    const walks = recordedWalks("walks");
    // There is one plan for each problem.
    const plans = recordedWalks("plans");
    const problems = plans.map(({ problem }) => problem);
    const stepArms = [
      stepsArm("steps, random walks", walks, quick ? 1 : 4),
      stepsArm("steps, plans", plans, quick ? 1 : 16),
    ];
    const loadArms = games().map((game) =>
      loadsArm(
        game,
        problems.filter((problem) => problem.game === game),
        quick ? 2 : 40,
      ),
    );
    const results = await alternate([...stepArms, ...loadArms], { rounds: quick ? 1 : 9, progress });
    const isOfSteps = (place: number): boolean => place < stepArms.length;
    const slowest = (isWanted: (place: number) => boolean): number =>
      Math.min(...results.filter((_, place) => isWanted(place)).map(({ spread }) => spread((x) => x).median));
    return {
      method: `${walks.length} recorded walks and ${plans.length} recorded plans replayed on one thread; a problem is begun when its text is parsed and the first actions are listed; the original made ${ORIGINAL_STEPS} steps a second and began 18 to 170 problems a second, depending on the game (figures from elsewhere, not of this run).`,
      columns: [
        { title: "a second", digits: 0 },
        { title: "times the original", digits: 1 },
      ],
      rows: results.map(({ name, spread }, place) => ({
        name,
        figures: [
          spread((figure) => figure),
          isOfSteps(place) ? spread((figure) => figure / ORIGINAL_STEPS) : null,
        ],
      })),
      goals: [
        atLeast("steps a second, the slower of the two,", slowest(isOfSteps), GOAL_STEPS),
        atLeast(
          "problems begun a second, of the slowest game,",
          slowest((place) => !isOfSteps(place)),
          GOAL_PROBLEMS,
        ),
      ],
      packages: [],
    };
  },
};

import { PROGRESS, SUCCESS, type Suite, type Task } from "../../environment/suite.ts";
import { type PureWorld, type Step, worldOf } from "../../environment/world.ts";

const LOOK = "look";
const CUT = "cut the wire";

/** A corridor whose lamps must be lit from the first to the last; cutting the wire ends everything. */
function createCorridor(lamps: number): PureWorld {
  let lit = 0;
  let dark = false;
  const seen = (): string => `${lit} of ${lamps} lamps are lit.`;
  const step = (observation: string, understood: boolean): Step => {
    const isDone = !dark && lit === lamps;
    const scores = { success: isDone ? 1 : 0, progress: lit / lamps };
    const ending = dark ? "failure" : "success";
    return { observation, scores, understood, ...(dark || isDone ? { ending } : {}) };
  };
  return {
    reset: () => {
      lit = 0;
      dark = false;
      return { observation: seen(), goal: `light all ${lamps} lamps` };
    },
    actions: () => [`light lamp ${lit + 1}`, LOOK, CUT],
    step: (action) => {
      if (dark || lit === lamps) return step(seen(), false);
      if (action === CUT) {
        dark = true;
        return step("The wire is cut.", true);
      }
      if (action === LOOK) return step(seen(), true);
      if (action !== `light lamp ${lit + 1}`) return step("Nothing happens.", false);
      lit += 1;
      return step(seen(), true);
    },
  };
}

function createTask(index: number): Task {
  const lamps = 1 + (index % 5);
  return {
    id: `corridor-${index}`,
    group: lamps > 3 ? "long" : "short",
    difficulty: lamps > 3 ? "hard" : "easy",
    open: async () => worldOf(createCorridor(lamps)),
    // The solver knows no way out of every seventh corridor.
    solve: async () =>
      index % 7 === 6 ? undefined : Array.from({ length: lamps }, (_value, lamp) => `light lamp ${lamp + 1}`),
  };
}

/** A made-up suite of so many tasks, of one to five lamps. */
export function lampSuite(tasks: number, rules = "lamps"): Suite {
  return {
    name: "lamps",
    variant: { rules, problems: "", scoring: "", words: null },
    measures: [SUCCESS, PROGRESS],
    maxTurns: 30,
    tasks: Array.from({ length: tasks }, (_value, index) => createTask(index)),
    instruction: (_task, { goal }) => ({
      world: "It is told in the observations.",
      player: "",
      goal,
      actions: [{ name: "light lamp 1" }, { name: LOOK }, { name: CUT }],
    }),
  };
}

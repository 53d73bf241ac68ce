import type { Environment, Start, Step, Suite, Task } from "../../environment/environment.ts";

const LOOK = "look";
const CUT = "cut the wire";

/** A corridor whose lamps must be lit from the first to the last; cutting the wire ends everything. */
function createCorridor(lamps: number): Environment {
  let lit = 0;
  let dark = false;
  const validActions = (): readonly string[] => [`light lamp ${lit + 1}`, LOOK, CUT];
  const step = (observation: string, actionIsValid: boolean): Step => ({
    observation,
    progress: lit / lamps,
    done: dark || lit === lamps,
    success: !dark && lit === lamps,
    actionIsValid,
    validActions: validActions(),
  });
  const seen = (): string => `${lit} of ${lamps} lamps are lit.`;
  return {
    reset: (): Start => {
      lit = 0;
      dark = false;
      return { observation: seen(), goal: `light all ${lamps} lamps`, validActions: validActions() };
    },
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
    createEnvironment: () => createCorridor(lamps),
    // The solver knows no way out of every seventh corridor.
    solve: () =>
      index % 7 === 6 ? undefined : Array.from({ length: lamps }, (_value, lamp) => `light lamp ${lamp + 1}`),
  };
}

/** A made-up suite of so many tasks, of one to five lamps. */
export function lampSuite(tasks: number, rules = "lamps"): Suite {
  return {
    name: "lamps",
    variant: { rules, problems: "", scoring: "", words: null },
    tasks: Array.from({ length: tasks }, (_value, index) => createTask(index)),
  };
}

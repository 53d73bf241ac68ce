import type { Environment, Start, Step, Suite, Task } from "../environment.ts";
import type { Perturbation } from "./perturbation.ts";

/** Stands for an action in words that are no longer understood; no environment understands it. */
const NOT_UNDERSTOOD = "?";

/** An environment in other words. */
function perturbEnvironment(inner: Environment, perturbation: Perturbation): Environment {
  const { show, read, arrange } = perturbation;
  const shown = <Kind extends Start | Step>(moment: Kind): Kind => {
    const { observation, validActions } = moment;
    const listed = arrange(validActions).join(", ");
    const inOrder = observation.replace(validActions.join(", "), () => listed);
    return { ...moment, observation: show(inOrder), validActions: arrange(validActions).map(show) };
  };
  return {
    reset: () => {
      const start = shown(inner.reset());
      return { ...start, goal: show(start.goal) };
    },
    step: (action) => shown(inner.step(read(action) ?? NOT_UNDERSTOOD)),
  };
}

function perturbTask(task: Task, perturbation: Perturbation): Task {
  return {
    id: task.id,
    group: task.group,
    difficulty: task.difficulty,
    createEnvironment: () => perturbEnvironment(task.createEnvironment(), perturbation),
    solve: () => task.solve()?.map(perturbation.show),
  };
}

/** A suite in other words (section 4.3, App. K); its variant says so. The worlds stay what they are. */
export function perturbSuite(suite: Suite, perturbationOf: (group: string) => Perturbation): Suite {
  const perturbations = new Map<string, Perturbation>();
  const once = (group: string): Perturbation => {
    const known = perturbations.get(group) ?? perturbationOf(group);
    perturbations.set(group, known);
    return known;
  };
  const tasks = suite.tasks.map((task) => perturbTask(task, once(task.group)));
  const [name] = [...perturbations.values()].map((each) => each.name);
  return { ...suite, tasks, variant: { ...suite.variant, words: name ?? null } };
}

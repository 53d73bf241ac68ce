import { BABYAI_GUIDE } from "../../environment/babyai/guide.ts";
import type { Start, Suite, Task } from "../../environment/environment.ts";
import { type Guide, instructionOf } from "../../environment/guide.ts";
import { pddlGuides } from "../../environment/pddl/guides.ts";
import type { Instruction } from "../../react.ts";

/** What players of a suite's group are told; undefined for suites of one's own. */
export function guideFor(suite: string, group: string): Guide | undefined {
  if (suite === "babyai") return BABYAI_GUIDE;
  return suite === "pddl" ? pddlGuides().get(group) : undefined;
}

/** A guide for suites of one's own: what can be done at the start is all that is known. */
function plainGuide({ validActions }: Start): Guide {
  return {
    environment: "It is told in the observations.",
    player: "",
    actions: validActions.map((action) => ({ name: action.trim() })),
  };
}

/** What an agent is told of a task before its first observation: guide, goal and a worked example if there is one. */
export function instructionFor(suite: Suite, task: Task, start: Start): Instruction {
  return instructionOf(guideFor(suite.name, task.group) ?? plainGuide(start), start);
}

import { describe, expect, test } from "vitest";
import type { Step } from "../../world.ts";
import { type BabyaiOptions, createBabyaiWorld, scoreByLabels, scoreByMission } from "../babyai-world.ts";
import type { GeneratedLevel } from "../levels/generate-level.ts";
import type { Instruction } from "../mission/instruction.ts";
import { beginCheck } from "../mission/verifier.ts";
import { drawWorld } from "../testing/draw-world.ts";
import { viewOf } from "../world/view.ts";
import type { Rules } from "./play.ts";

const ROOM = { x: 0, y: 0, width: 20, height: 20 };
const SCORING = scoreByMission;

function level(instruction: Instruction, ...rows: readonly string[]): GeneratedLevel {
  const world = drawWorld(...rows);
  return {
    world,
    check: beginCheck(world, instruction, ROOM),
    mission: "go there, then back",
    maximumMoves: 100,
    firstView: viewOf(world),
  };
}

/** A step with the actions that are listed after it. */
interface Listed extends Omit<Step, "ending"> {
  readonly ending: Step["ending"];
  readonly validActions: readonly string[];
}

function steps(generated: GeneratedLevel, options: BabyaiOptions, ...actions: readonly string[]): Listed[] {
  const world = createBabyaiWorld(generated, options);
  world.reset();
  return actions.map((action) => {
    const step = world.step(action);
    return { ...step, ending: step.ending, validActions: world.actions() };
  });
}

function last(generated: GeneratedLevel, rules: Rules, ...actions: readonly string[]): Listed | undefined {
  return steps(generated, { rules, scoring: SCORING }, ...actions).at(-1);
}

const goToBox: Instruction = { code: "go-to", target: { kind: "box" } };
const yard = [
  "## ## ## ## ## ## ##",
  "## kr .. .. .. .. ##",
  "## >. .. ob .. xg ##",
  "## or .. .. .. .. ##",
  "## ## ## ## ## ## ##",
] as const;
const farBox = level(goToBox, ...yard);

describe("what AgentBoard's rules say of a scene", () => {
  test("the observation has its words and blanks", () => {
    const { observation, goal } = createBabyaiWorld(farBox, {
      rules: "agentboard",
      scoring: SCORING,
    }).reset();
    expect(goal).toBe("go there, and back");
    expect(observation).toBe(
      "In front of you in this room, you can see several objects: " +
        "There is a red key 1 0 steps in front of you and 1 steps to your left.  " +
        "There is a red ball 1 0 steps in front of you and 1 steps to your right.  " +
        "There is a blue ball 1 right in front of you 2 steps away.  " +
        "There is a green box 1 right in front of you 4 steps away.  " +
        "The room has walls around you. You are facing a box 4 steps away. You are not carrying anything.",
    );
  });

  test("the listing has its order", () => {
    const [step] = steps(farBox, { rules: "agentboard", scoring: SCORING }, "check");
    expect(step?.observation).toBe(`You can take the following actions: ${step?.validActions.join(", ")}`);
    expect(step?.validActions).toEqual([
      "turn left",
      "turn right",
      "move forward",
      "pickup red key 1",
      "pickup red ball 1",
      "pickup blue ball 1",
      "pickup green box 1",
      "go to red key 1",
      "go to red ball 1",
      "go to blue ball 1",
      "go to green box 1",
      "check available actions",
    ]);
  });
});

describe("where the plain rules mend AgentBoard's", () => {
  test("'check' anywhere lists the actions; plainly only the action itself does", () => {
    expect(last(farBox, "agentboard", "I check the box")).toMatchObject({ understood: true });
    expect(last(farBox, "plain", "I check the box")).toMatchObject({ understood: false });
    expect(last(farBox, "plain", "Check valid actions.")?.observation).toMatch(/^You can take/);
  });

  test("'pick up', full stops and double blanks are understood plainly", () => {
    expect(last(farBox, "agentboard", "pick up red key 1")).toMatchObject({ understood: false });
    expect(last(farBox, "plain", " Pick up  red key 1. ")?.observation).toContain("carrying a red key");
  });

  test("an action that needs no move keeps the validity of the one before; plainly it is valid", () => {
    const there = level(
      { code: "pick-up", target: { kind: "ball" }, strict: false },
      "## ## ## ##",
      "## >. ob ##",
      "## ## ## ##",
    );
    const noMove = (rules: Rules, before: string): boolean | undefined =>
      last(there, rules, before, "go to blue ball 1")?.understood;
    expect([noMove("agentboard", "check"), noMove("agentboard", "nonsense")]).toEqual([true, false]);
    expect([noMove("plain", "check"), noMove("plain", "nonsense")]).toEqual([true, true]);
  });

  test("going to where one is completes the mission plainly", () => {
    const there = level(goToBox, "## ## ## ##", "## >. xg ##", "## ## ## ##");
    expect(last(there, "agentboard", "go to green box 1")).toMatchObject({ ending: undefined });
    expect(last(there, "plain", "go to green box 1")).toMatchObject({
      ending: "success",
      scores: { success: 1, progress: 1 },
    });
  });

  test("numbers of actions are those of the observation plainly", () => {
    // The nearer red ball is walled in by keys; the farther is free.
    const corner = level(
      goToBox,
      "## ## ## ## ## ##",
      "## or .. .. .. ##",
      "## .. .. .. .. ##",
      "## .. .. kb .. ##",
      "## ^. kb or kb ##",
      "## ## ## ## ## ##",
    );
    const listed = (rules: Rules): string[] =>
      last(corner, rules, "nonsense")?.validActions.filter((action) => action.includes("go to red ball")) ??
      [];
    expect([listed("agentboard"), listed("plain")]).toEqual([["go to red ball 1"], ["go to red ball 2"]]);
    expect(last(corner, "plain", "go to red ball 1")?.observation).toBe(
      "You cannot go to red ball 1, as there is no path leading to it.",
    );
  });

  test("a message that prints a mapping prints the number plainly", () => {
    const behind = level(goToBox, "## ## ##", "## Dr ##", "## ob ##", "## ^. ##", "## ## ##");
    const message = (rules: Rules): string | undefined =>
      last(behind, rules, "toggle and go through red closed door 1")?.observation;
    expect(message("agentboard")).toContain("red closed door {'red closed door': 1}, as there is no path");
    expect(message("plain")).toContain("red closed door 1, as there is no path");
  });

  test("moves that cannot be made are not offered plainly", () => {
    const closed = level(goToBox, "## ## ## ##", "## >. Dr ##", "## ## ## ##");
    const listed = (rules: Rules): boolean | undefined =>
      last(closed, rules, "nonsense")?.validActions.includes("move forward");
    expect([listed("agentboard"), listed("plain")]).toEqual([true, false]);
  });

  test("a view that stays the same stops AgentBoard's moves, not the plain ones", () => {
    // Wide and empty: nothing but the agent's place changes on the first moves.
    const empty = `## ${".. ".repeat(30)}##`;
    const hall = [
      "## ".repeat(32).trim(),
      ...Array.from({ length: 30 }, (_, row) =>
        row === 15 ? `## ${".. ".repeat(8)}>. ${".. ".repeat(5)}xg ${".. ".repeat(15)}##` : empty,
      ),
      "## ".repeat(32).trim(),
    ];
    const far = level(goToBox, ...hall);
    expect(last(far, "plain", "go to green box 1")).toMatchObject({ scores: { success: 1 } });
    const wide = level(goToBox, ...hall.map((row, i) => (i === 16 ? row.replace("xg", "..") : row)));
    const world = createBabyaiWorld(wide, { rules: "agentboard", scoring: SCORING });
    const { observation } = world.reset();
    expect(world.step("move forward")).toMatchObject({ observation, understood: true });
  });

  test("a success with little labelled progress is undone by AgentBoard and stands plainly", () => {
    const scoring = scoreByLabels([["You are carrying a red key.", "a lion"]]);
    const near = level(goToBox, "## ## ## ## ##", "## >. .. xg ##", "## ## ## ## ##");
    const [undone] = steps(near, { rules: "agentboard", scoring }, "go to green box 1");
    expect(undone).toMatchObject({ ending: undefined, scores: { success: 0, progress: 0 } });
    expect(undone?.observation).toMatch(/\n The task is completed\.$/);
    const [stands] = steps(near, { rules: "plain", scoring }, "go to green box 1");
    expect(stands).toMatchObject({ ending: "success", scores: { success: 1, progress: 1 } });
  });

  test("full labelled progress ends an episode under AgentBoard's rules only", () => {
    const scoring = scoreByLabels([["You are carrying a red key."]]);
    const [ended] = steps(farBox, { rules: "agentboard", scoring }, "pickup red key 1");
    expect(ended).toMatchObject({ ending: "success", scores: { success: 1, progress: 1 } });
    expect(ended?.observation.match(/completed/g)).toHaveLength(1);
    const [goesOn] = steps(farBox, { rules: "plain", scoring }, "pickup red key 1");
    expect(goesOn).toMatchObject({ ending: undefined, scores: { success: 0, progress: 1 } });
  });

  test("a failed mission ends as a failure plainly", () => {
    const strict: Instruction = { code: "pick-up", target: { kind: "box" }, strict: true };
    const failed = last(level(strict, ...yard), "plain", "pickup red key 1");
    expect(failed).toMatchObject({ ending: "failure", scores: { success: 0 } });
    expect(failed?.observation).toContain("can no longer be completed");
  });

  test("the first look of a level that begins with full hands is the original's only under its rules", () => {
    const world = { ...drawWorld(...yard), carrying: 2 };
    world.cells[8] = 0;
    const carrying = { ...farBox, world, firstView: farBox.firstView };
    const seen = (rules: Rules): string =>
      createBabyaiWorld(carrying, { rules, scoring: SCORING }).reset().observation;
    expect(seen("agentboard")).toContain("There is a red key 1");
    expect(seen("plain")).not.toContain("There is a red key 1");
    expect(seen("plain")).toContain("You are carrying a red key.");
  });
});

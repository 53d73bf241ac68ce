import { PROGRESS, SUCCESS, type Suite, type Task } from "../../environment/suite.ts";
import type { Outside, Step, World } from "../../environment/world.ts";
import type { ChatModel } from "../../model/chat-model.ts";

/** What a world does in its third step. */
export type Badness =
  | "slow"
  | "throws"
  | "hangs"
  | "lies"
  | "not-a-number"
  | "unknown-measure"
  | "hangs-when-closed"
  | "asks";

/** What the worlds of a bad suite did. */
export interface BadWorlds {
  readonly suite: Suite;
  /** Worlds that are open now, and the most that ever were. */
  readonly open: () => number;
  readonly mostOpen: () => number;
  /** How often something outside was asked. */
  readonly asked: () => number;
  /** Worlds whose signal told them that they are given up. */
  readonly aborted: () => number;
}

const BAD_STEPS: Readonly<Partial<Record<Badness, () => Promise<Step["scores"]>>>> = {
  throws: () => Promise.reject(new Error("the JVM has gone")),
  hangs: () => new Promise(() => {}),
  lies: async () => ({ progress: 7 }),
  "not-a-number": async () => ({ progress: Number.NaN }),
  "unknown-measure": async () => ({ charm: 1 }),
};

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/**
 * Worlds of four steps that misbehave as they are told, one task each; those that ask use a page and a judge in each
 * step. A step may take a second where one hangs, and two worlds may be open at once.
 */
export function badSuite(badnesses: readonly Badness[], judge?: ChatModel): BadWorlds {
  const count = { open: 0, mostOpen: 0, asked: 0, aborted: 0 };

  const outsideSays = async ({ recall, recorded }: Outside, turn: number): Promise<string> => {
    const page = await recall(`page ${turn}`, async () => {
      count.asked += 1;
      await pause();
      return { text: `page ${turn}, ${"x".repeat(1000)}` };
    });
    const content = `Grade turn ${turn}`;
    const grade = judge && (await recorded(judge).chat({ messages: [{ role: "user", content }] }));
    return ` ${page.text.slice(0, 7)}${grade === undefined ? "" : ` ${grade.text}`}`;
  };

  const openWorld = (badness: Badness, outside: Outside): World => {
    let turn = 0;
    count.open += 1;
    count.mostOpen = Math.max(count.mostOpen, count.open);
    outside.signal.addEventListener("abort", () => {
      count.aborted += 1;
    });
    const scoresOf = async (): Promise<Step["scores"]> => {
      if (badness === "slow") await pause();
      const bad = turn === 3 ? BAD_STEPS[badness] : undefined;
      return bad === undefined ? { success: turn === 4 ? 1 : 0, progress: turn / 4 } : bad();
    };
    return {
      reset: async () => ({ observation: "0 of 4", goal: "four steps" }),
      actions: async () => ["step"],
      step: async () => {
        turn += 1;
        const said = badness === "asks" ? await outsideSays(outside, turn) : "";
        const scores = await scoresOf();
        const end = turn === 4 ? ({ ending: "success" } as const) : {};
        return { observation: `${turn} of 4${said}`, scores, understood: true, ...end };
      },
      [Symbol.asyncDispose]: async () => {
        count.open -= 1;
        if (badness === "hangs-when-closed") await new Promise(() => {});
      },
    };
  };

  const tasks = badnesses.map(
    (badness, place): Task => ({
      id: `${badness}-${place}`,
      group: badness,
      open: async (outside) => openWorld(badness, outside),
      solve: async () => ["step", "step", "step", "step"],
    }),
  );
  const suite: Suite = {
    name: "bad",
    variant: { rules: "bad", problems: "", scoring: "", words: null },
    measures: [SUCCESS, PROGRESS],
    maxTurns: 6,
    worldsAtOnce: 2,
    // Long enough for a busy machine, short enough to be waited for.
    stepSeconds: badnesses.some((each) => each.startsWith("hangs")) ? 1 : 60,
    tasks,
    instruction: (_task, { goal }) => ({ world: "Steps.", goal, actions: [{ name: "step" }] }),
  };
  return {
    suite,
    open: () => count.open,
    mostOpen: () => count.mostOpen,
    asked: () => count.asked,
    aborted: () => count.aborted,
  };
}

import { describe, expect, test } from "vitest";
import type { Task } from "../../environment/suite.ts";
import { openWorld } from "../../environment/testing/open-world.ts";
import type { Agent, Briefing, Shown } from "../agent.ts";

/** What {@link agentContract} tests. */
interface AgentContract {
  readonly agent: () => Agent;
  readonly task: Task;
  /** Whether it talks to a model: it then has a conversation. */
  readonly talks: boolean;
}

/** A briefing for a task. */
export async function briefingOf(task: Task, given: Partial<Briefing> = {}): Promise<Briefing> {
  const start = await (await openWorld(task)).reset();
  return {
    suite: "lamps",
    task,
    attempt: 0,
    seed: "seed",
    instruction: { world: "A corridor.", goal: start.goal, actions: [{ name: "look" }] },
    start,
    lessons: [],
    recorded: (model) => model,
    ...given,
  };
}

/** Everything that an agent does in a task, until its end or twelve turns. */
async function play(agent: Agent, briefing: Briefing): Promise<{ moves: unknown[]; roles: string[] }> {
  const world = await openWorld(briefing.task);
  const player = agent.begin(briefing);
  const actions = async (): Promise<readonly string[]> => (await world.actions?.()) ?? [];
  let shown: Shown = { ...(await world.reset()), actions };
  let done = false;
  const moves: unknown[] = [];
  while (!done && moves.length < 12) {
    const move = await player.act(shown);
    moves.push(move);
    if (move.code === "stopped") break;
    if (move.code === "malformed") shown = { ...shown, observation: move.observation };
    else {
      const step = await world.step(move.action);
      done = step.ending !== undefined;
      shown = { ...step, actions };
    }
  }
  return { moves, roles: player.messages().map(({ role }) => role) };
}

/** What holds for every agent. */
export function agentContract({ agent, task, talks }: AgentContract): void {
  describe("as any agent", () => {
    test("does the same in the same attempt", async () => {
      const briefing = await briefingOf(task);
      const { moves } = await play(agent(), briefing);
      expect((await play(agent(), briefing)).moves).toEqual(moves);
      expect(moves.length).toBeGreaterThan(0);
    });

    test("holds nothing of one attempt that reaches another", async () => {
      const one = agent();
      const briefing = await briefingOf(task);
      const alone = await play(agent(), briefing);
      const players = await Promise.all([play(one, briefing), play(one, briefing)]);
      expect(players).toEqual([alone, alone]);
    });

    test("has the conversation that its model was sent, and none without a model", async () => {
      const { moves, roles } = await play(agent(), await briefingOf(task));
      expect(roles).toEqual(talks ? moves.flatMap(() => ["user", "assistant"]) : []);
    });

    test("has a name to label results with", () => {
      expect(agent().name).toMatch(/^[a-z]+(\+[a-z]+)?$/);
    });
  });
}

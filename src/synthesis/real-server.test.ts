import { describe, expect, test } from "vitest";
import { openModel } from "../model/providers.ts";
import { createActionMatcher } from "../script/action-matcher.ts";
import { lighthouse } from "../script/testing/examples.ts";
import { trajectoryReplySchema } from "../trajectory/reply-schema.ts";
import type { Turn } from "../trajectory/trajectory.ts";
import { TURN_WIRES } from "../trajectory/turn-wires.ts";

/** The address of a server of llama.cpp, vLLM or SGLang, and the name of its model. */
const { AGENTREFINE_BINDING_URL: url, AGENTREFINE_BINDING_MODEL: model = "smollm2" } = process.env;
const CALLS = Number(process.env.AGENTREFINE_BINDING_CALLS ?? 4);

/** A prompt that is short, since small models on small machines are slow: the real one has thousands of tokens. */
const PROMPT = `Write a text game as lines of JSON, DM and player in turn. The player may: go to PLACE, open locker, take THING from PLACE, fly.
{"turn":0,"Thought":"The game begins.","Observation":"You are in a lighthouse.","error":"none","progress":0}
{"turn":1,"Thought":"I look for the lamp.","Action":"open locker"}`;

interface Counts {
  readonly actions: number;
  readonly unmatched: number;
}

/** The actions of a reply that the turn behind does not flag, and those among them that are no available ones. */
function count(text: string): Counts {
  const { reader, read } = TURN_WIRES.compact;
  const values = reader();
  const turns = [...values.push(text), ...values.end()].map((value, number): Turn | undefined => {
    return read(value, number).turn;
  });
  const matcher = createActionMatcher(lighthouse.actions);
  const actions = turns.flatMap((turn, number) => {
    const next = turns[number + 1];
    const isFlagged = next?.role === "DM" && next.parameterError;
    return turn?.role === "Player" && next !== undefined && !isFlagged ? [turn.action] : [];
  });
  const unmatched = actions.filter((action) => matcher.match(action) === undefined);
  return { actions: actions.length, unmatched: unmatched.length };
}

async function play(structured: boolean): Promise<Counts> {
  const asked = await openModel(
    { model, baseUrl: url ?? "", structured, maxTokens: 300, temperature: 1, idleTimeout: 300_000 },
    {},
  );
  let all: Counts = { actions: 0, unmatched: 0 };
  for (let call = 0; call < CALLS; call += 1) {
    const reply = await asked.chat({
      messages: [{ role: "user", content: `${PROMPT}\nGame ${call + 1}.` }],
      schema: trajectoryReplySchema(lighthouse, [], "refined", "compact"),
    });
    const { actions, unmatched } = count(reply.text);
    all = { actions: all.actions + actions, unmatched: all.unmatched + unmatched };
  }
  return all;
}

describe.skipIf(url === undefined)("a real server", () => {
  test("writes no action that is not on offer when it is bound to the script", {
    timeout: 1_800_000,
  }, async () => {
    const bound = await play(true);
    const free = await play(false);
    console.info(`${CALLS} calls each: bound ${JSON.stringify(bound)}, free ${JSON.stringify(free)}`);
    expect(bound.actions).toBeGreaterThan(0);
    expect(bound.unmatched).toBe(0);
  });
});

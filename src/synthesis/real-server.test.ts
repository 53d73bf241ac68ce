import { describe, expect, test } from "vitest";
import type { ReplySchema } from "../model/chat-model.ts";
import { openModel } from "../model/providers.ts";
import { createActionMatcher } from "../script/action-matcher.ts";
import { lighthouse } from "../script/testing/examples.ts";
import { turnFromCompact } from "../trajectory/compact-wire.ts";
import { trajectoryGrammar } from "../trajectory/reply-grammar.ts";
import { trajectoryReplySchema } from "../trajectory/reply-schema.ts";
import { lighthouseTurns } from "../trajectory/testing/examples.ts";
import type { Turn } from "../trajectory/trajectory.ts";
import { TURN_WIRES } from "../trajectory/turn-wires.ts";

/** The address of a server of llama.cpp, vLLM or SGLang, and the name of its model. */
const { AGENTREFINE_BINDING_URL: url, AGENTREFINE_BINDING_MODEL: model = "smollm2" } = process.env;
const CALLS = Number(process.env.AGENTREFINE_BINDING_CALLS ?? 4);

/** A prompt that is short, since small models on small machines are slow: the real one has thousands of tokens. */
const PROMPT = `Write a text game as lines of JSON, DM and player in turn. The player may: go to PLACE, open locker, take THING from PLACE, fly.
{"turn":0,"Thought":"The game begins.","Observation":"You are in a lighthouse.","error":"none","progress":0}
{"turn":1,"Thought":"I look for the lamp.","Action":"open locker"}`;

/** The reply begins with a turn of the player. */
const KEPT = lighthouseTurns.slice(0, 1);

interface Counts {
  readonly actions: number;
  readonly unmatched: number;
}

/** The actions of a reply that the turn behind does not flag, and those among them that are no available ones. */
function count(text: string): Counts {
  const values = TURN_WIRES.compact.reader();
  const turns = [...values.push(text), ...values.end()].map((value, at): Turn | undefined => {
    return turnFromCompact(value, KEPT.length + at).turn;
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

async function play(schema: ReplySchema): Promise<Counts> {
  const asked = await openModel(
    { model, baseUrl: url ?? "", structured: true, maxTokens: 300, temperature: 1, idleTimeout: 300_000 },
    {},
  );
  let all: Counts = { actions: 0, unmatched: 0 };
  for (let call = 0; call < CALLS; call += 1) {
    const reply = await asked.chat({
      messages: [{ role: "user", content: `${PROMPT}\nGame ${call + 1}.` }],
      schema,
    });
    const { actions, unmatched } = count(reply.text);
    all = { actions: all.actions + actions, unmatched: all.unmatched + unmatched };
  }
  return all;
}

const FREE: ReplySchema = { name: "turns", strict: true, schema: {} };

describe.skipIf(url === undefined)("a real server", () => {
  test("writes no action that is not on offer when it is bound to the script", {
    timeout: 1_800_000,
  }, async () => {
    const schema = trajectoryReplySchema(lighthouse, KEPT, "refined", "compact");
    const bound = await play(schema);
    const form = { wire: "compact", from: KEPT.length, followsUnmatched: false, errors: "refined" } as const;
    // The same form, so that there are actions at all, and free text as actions.
    const free = await play({ ...FREE, grammar: trajectoryGrammar({ ...form, actions: undefined }) });
    process.stderr.write(
      `${CALLS} calls each: bound ${JSON.stringify(bound)}, free ${JSON.stringify(free)}\n`,
    );
    expect(bound.actions).toBeGreaterThan(0);
    expect(bound.unmatched).toBe(0);
  });
});

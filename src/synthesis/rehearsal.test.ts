import { describe, expect, test } from "vitest";
import { estimatePromptTokens } from "../model/call.ts";
import { lighthouse } from "../script/testing/examples.ts";
import { scriptToText } from "../script/wire.ts";
import { lighthouseTurns } from "../trajectory/testing/examples.ts";
import { PAPER_FORM, turnsToText } from "../trajectory/turn-wires.ts";
import { estimateCost, rehearse } from "./rehearsal.ts";
import { begin, receive, request } from "./synthesis.ts";

const persona = { id: "0123456789abcdef", text: "A former sailor who keeps a lighthouse." };
const usage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0, estimated: true };

/** Writes the lighthouse's script, then its trajectory. */
function author() {
  const texts = [scriptToText(lighthouse), turnsToText(lighthouseTurns)];
  return {
    name: "author",
    chat: async () => ({ text: texts.shift() ?? "", finish: "stop" as const, usage }),
  };
}

describe("a rehearsal", () => {
  test("has the prompts that a run would send, word for word", async () => {
    const calls = await rehearse(persona, author(), { maximumCalls: 4, errors: "refined", form: PAPER_FORM });
    const begun = begin(persona, 4);
    const scripted = receive(begun, { text: scriptToText(lighthouse) });
    expect(calls.map(({ messages }) => messages)).toEqual(
      [begun, scripted].map((synthesis) => request(synthesis)?.messages),
    );
  });

  test("tells the tokens that are the same for every persona", async () => {
    const settings = { maximumCalls: 4, errors: "refined", form: PAPER_FORM } as const;
    const other = { ...persona, text: "A baker." };
    const [one, two] = [
      await rehearse(persona, author(), settings),
      await rehearse(other, author(), settings),
    ];
    expect(one.map(({ cachedTokens }) => cachedTokens)).toEqual(two.map(({ cachedTokens }) => cachedTokens));
    for (const { messages, promptTokens, cachedTokens } of one) {
      expect(promptTokens).toBe(estimatePromptTokens(messages));
      expect(cachedTokens).toBeLessThan(promptTokens);
      expect(cachedTokens).toBeGreaterThan(1024);
    }
  });

  test("is priced for one, for all and at worst", () => {
    const call = { messages: [], promptTokens: 3e6, cachedTokens: 2e6, completionTokens: 1e6 };
    const calls = [
      { ...call, purpose: "script" as const },
      { ...call, purpose: "trajectory" as const },
    ];
    const price = { prompt: 2, cachedPrompt: 1, completion: 10 };
    const cost = estimateCost(calls, price, { personas: 3, maximumCalls: 4, maxTokens: 1e6 });
    expect(cost).toEqual({
      first: 2 * (3 * 2 + 10),
      further: 2 * (1 * 2 + 2 * 1 + 10),
      total: 32 + 2 * 28,
      // The script; the trajectory after a script as long as can be; twice more with a kept reply as long.
      worst: 6 + 10 + (8 + 10) + 2 * (10 + 10),
      worstTotal: 3 * 74,
    });
    expect(estimateCost([], price, { personas: 0, maximumCalls: 4, maxTokens: 9 }).total).toBe(0);
  });
});

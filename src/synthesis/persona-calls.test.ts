import { describe, expect, test } from "vitest";
import { NO_USAGE } from "../model/chat-model.ts";
import { requestHash } from "../model/reply.ts";
import { lighthouse } from "../script/testing/examples.ts";
import { scriptToText } from "../script/wire.ts";
import { lighthouseTurns } from "../trajectory/testing/examples.ts";
import { PAPER_FORM, turnsToText } from "../trajectory/turn-wires.ts";
import { answeredCalls } from "./persona-calls.ts";
import type { ReplyRecord } from "./record.ts";
import { begin, receive, request, type Synthesis } from "./synthesis.ts";

const RECORD = { id: "0123456789abcdef", persona: "A former sailor who keeps a lighthouse." };
const SETTINGS = { maximumCalls: 4, errors: "refined", form: PAPER_FORM } as const;

/** The replies of a persona as a run keeps them, with the hashes of what was asked. */
function bought(...texts: readonly string[]): readonly ReplyRecord[] {
  let synthesis: Synthesis = begin({ id: RECORD.id, text: RECORD.persona }, 4);
  return texts.map((text, place) => {
    const asked = request(synthesis);
    if (asked === undefined) throw new Error("the synthesis has ended");
    synthesis = receive(synthesis, { text });
    return {
      index: 0,
      persona: RECORD.id,
      call: place + 1,
      purpose: place < 2 ? "script" : "trajectory",
      request: requestHash(asked),
      text,
      finish: "stop",
      usage: NO_USAGE,
      cost: null,
    };
  });
}

const replies = bought("no script", scriptToText(lighthouse), turnsToText(lighthouseTurns));

describe("the calls of a persona", () => {
  test("have their prompts word for word, and their faults", () => {
    const calls = answeredCalls(RECORD, replies, SETTINGS);
    expect(calls.map(({ call, fault }) => [call, fault === null])).toEqual([
      [1, false],
      [2, true],
      [3, true],
    ]);
    expect(calls.map(({ messages = [] }) => requestHash({ messages }))).toEqual(
      replies.map((reply) => reply.request),
    );
  });

  test("have no prompt where its hash is not the one that was kept", () => {
    const changed = replies.map((reply) => (reply.call === 2 ? { ...reply, request: "0000" } : reply));
    const calls = answeredCalls(RECORD, changed, SETTINGS);
    expect(calls.map(({ messages }) => messages !== undefined)).toEqual([true, false, true]);
  });

  test("of which one was bought twice have the reply that was used", () => {
    const [first, ...others] = replies;
    const twice = [
      { ...first!, request: "0000", text: "of another version" },
      first!,
      ...others.toReversed(),
    ];
    expect(answeredCalls(RECORD, twice, SETTINGS)).toEqual(answeredCalls(RECORD, replies, SETTINGS));
  });
});

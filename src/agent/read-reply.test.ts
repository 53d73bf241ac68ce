import { describe, expect, test } from "vitest";
import type { ChatReply, FinishReason } from "../model/chat-model.ts";
import { NO_USAGE } from "../model/chat-model.ts";
import { malformedObservation, readReply } from "./read-reply.ts";

function reply(text: string, finish: FinishReason = "stop", reasoning?: string): ChatReply {
  return { text, finish, usage: NO_USAGE, ...(reasoning === undefined ? {} : { reasoning }) };
}

/** A reasoning that quotes the form of an answer. */
const THINK =
  "<think>\nI must answer in this form:\nThought: what I know\nAction: no\nBut first I should look.\n";

describe("a reply that is played", () => {
  test.each([
    ["as it was asked for", "Thought: I go.\nAction: turn left", []],
    [
      "with more of the game, as base models write it",
      "Thought: I go.\nAction: turn left\nObservation: You see a door.\nThought: good\nAction: move forward",
      ["observation"],
    ],
    ["without a thought", "Action: turn left", ["missing-thought"]],
    [
      "with words after the action",
      "Thought: I go.\nAction: turn left\nThis shows me the rest of the room.",
      ["text-after-action"],
    ],
    ["with several actions", "Thought: I go.\nAction: turn left\nAction: go on", ["several-actions"]],
    [
      "with a second turn",
      "Thought: I go.\nAction: turn left\nThought: then\nAction: go on",
      ["several-actions"],
    ],
    [
      "with a second thought",
      "Thought: I go.\nAction: turn left\nThought: then I see",
      ["text-after-action"],
    ],
    [
      "with the action in the line of the thought",
      "Thought: I go. Action: turn left",
      ["action-within-line"],
    ],
    ["with bold labels", "**Thought:** I go.\n**Action:** turn left", []],
    ["with bold lines", "**Thought: I go.**\n**Action: turn left**", []],
    ["that begins with what was shown", "Observation: A room.\nThought: I go.\nAction: turn left", []],
    ["with reasoning before it", `${THINK}</think>\n\nThought: I go.\nAction: turn left`, []],
    [
      "with reasoning that was opened in the prompt",
      `${THINK.slice(8)}</think>\nThought: I go.\nAction: turn left`,
      [],
    ],
  ])("%s does its first action", (_name, text, irregular) => {
    expect(readReply(reply(text))).toMatchObject({ action: "turn left", irregular });
  });

  test("has neither its reasoning nor what it made up in the conversation", () => {
    const text = `${THINK}</think>Thought: I go.\nAction: turn left\nObservation: a door`;
    expect(readReply(reply(text)).content).toBe("Thought: I go.\nAction: turn left");
    expect(readReply(reply("Action: turn left\nand so on")).content).toBe("Action: turn left");
  });

  test("has as many lines in its action as its world allows", () => {
    const text = "Thought: t\nAction: edit notes\nmilk\nbread";
    expect(readReply(reply(text), 2)).toMatchObject({
      action: "edit notes\nmilk",
      irregular: ["text-after-action"],
    });
    expect(readReply(reply(text), Number.POSITIVE_INFINITY)).toMatchObject({ irregular: [] });
  });
});

describe("a reply of which nothing is done", () => {
  test.each([
    ["", "stop", "empty-reply"],
    ["", "tool", "tool-call"],
    ["I would rather not say.", "stop", "missing-action"],
    ["Thought: I had better\nObservation: a door\nAction: go", "stop", "missing-action"],
    ["Thought: I think and think", "length", "cut-off"],
    ["Thought: I go.\nAction: go to the re", "length", "cut-off"],
    ["Action: do harm", "filter", "refused"],
    [THINK, "length", "cut-while-thinking"],
    [THINK, "stop", "reasoning-only"],
    [`${THINK}</think>`, "stop", "reasoning-only"],
  ] as const)("%j (%s) is %s", (text, finish, malformed) => {
    const read = readReply(reply(text, finish));
    expect(read).toMatchObject({ malformed });
    expect(read.content).not.toContain("But first");
    expect(malformedObservation(malformed)).toContain("Nothing was done.");
  });

  test("may have its reasoning beside the text", () => {
    expect(readReply(reply("", "length", "I think"))).toMatchObject({ malformed: "cut-while-thinking" });
    expect(readReply(reply("", "stop", "I think"))).toMatchObject({ malformed: "reasoning-only" });
  });

  test("is none whose reasoning begins behind its action", () => {
    expect(readReply(reply(`Thought: t\nAction: go\n${THINK}`, "length"))).toMatchObject({ action: "go" });
  });

  test("is none that was cut after its action", () => {
    expect(readReply(reply("Thought: t\nAction: go\nNow I", "length"))).toMatchObject({ action: "go" });
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ReasoningReader, splitReasoning } from "./reasoning.ts";

const ANSWER = '{"Thought":"…"}';

describe("the reasoning of a reply", () => {
  test.each([
    ["<think>\nI use {braces}.\n</think>\n\n", "I use {braces}."],
    ["I plan {the world} first, perhaps [1, 2].\n</think>\n\n", "I plan {the world} first, perhaps [1, 2]."],
    ["Okay.\n<think>I use {braces}.</think>\n", "Okay.\nI use {braces}."],
    ["<thinking>\na\n</thinking>", "a"],
    ["<seed:think>a</seed:think>", "a"],
    ["[THINK]a [{[/THINK]", "a [{"],
    ["<think>a</think>\n<think>b</think>", "a\nb"],
    ["<think>a</think> and more [{ </think>", "a\nand more [{"],
    ["<think></think>\n\n", ""],
    ["<|START_THINKING|>a<|END_THINKING|>", "a"],
    [
      "<|channel|>analysis<|message|>a {b}<|end|><|start|>assistant<|channel|>final<|message|>",
      "a {b}<|end|><|start|>assistant",
    ],
    [
      "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>",
      "a<|end|><|start|>assistant",
    ],
    ["analysisWe need {this}.assistantfinal", "We need {this}."],
  ])("%j is taken off", (before, reasoning) => {
    expect(splitReasoning(before + ANSWER)).toEqual({ reasoning, text: ANSWER, open: false });
    expect(splitReasoning(`${before}Thought: I look.\nAction: look`).text).toBe(
      "Thought: I look.\nAction: look",
    );
  });

  test.each([
    ["<think>I use {braces}", "", "I use {braces}"],
    ["Okay.\n<think>I use", "Okay.", "I use"],
    ["<think>a</think><think>b", "", "a\nb"],
    ["<|channel|>analysis<|message|>We", "", "We"],
    ["analysisWe need", "", "We need"],
  ])("%j was begun and never ended", (reply, text, reasoning) => {
    expect(splitReasoning(reply)).toEqual({ reasoning, text, open: true });
  });

  test.each([
    "",
    " \n",
    ANSWER,
    `\n ${ANSWER} \n`,
    "Thought: I <think> so.\nAction: look",
    "Here it is: [1, 2]",
    "analysis of the door",
    '{"Thought":"the tag </think> ends it"}',
    '```json\n[{"Thought":"the tag\\n<think> begins it </think>"}]\n```',
  ])("%j has none", (reply) => {
    expect(splitReasoning(reply)).toEqual({ reasoning: "", text: reply, open: false });
  });

  test("the last tokens of a channel are no part of the answer", () => {
    expect(splitReasoning(`<|channel|>final<|message|>${ANSWER}<|return|>`).text).toBe(ANSWER);
  });

  test("does not depend on the pieces, and passes the answer on as soon as it is known", () => {
    const part = fc.constantFrom(
      ...'<think>|</think>|[THINK]|[/THINK]|[|{|]|"| |\n|```json|words|analysisWe|assistantfinal|<|channel|>'.split(
        "|",
      ),
      "<|channel|>analysis<|message|>",
      "<|channel|>final<|message|>",
      " ".repeat(70),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
        const reply = parts.join("");
        const whole = new ReasoningReader();
        const atOnce = [whole.push(reply), whole.end()];
        const reader = new ReasoningReader();
        let passed = "";
        for (let at = 0; at < reply.length; at += size) passed += reader.push(reply.slice(at, at + size));
        expect([passed, reader.end()]).toEqual(atOnce);
      }),
      { numRuns: 500 },
    );
    const reader = new ReasoningReader();
    expect(reader.push("<thi")).toBe("");
    expect(reader.push("nk>[{}]</th")).toBe("");
    expect(reader.push("ink> \n[")).toBe("");
    expect(reader.push("{")).toBe(" \n[{");
    expect(reader.push('"</think>')).toBe('"</think>');
  });

  test("takes a time that grows with the reply alone", () => {
    const reader = new ReasoningReader();
    const began = performance.now();
    for (let i = 0; i < 100_000; i += 1) reader.push(" <|channel|>final ");
    expect(reader.end().text).toHaveLength(1_800_000);
    for (const text of [
      " ".repeat(1e6),
      "\n".repeat(1e6),
      "<".repeat(1e6),
      "<|channel|>final".repeat(60_000),
    ]) {
      splitReasoning(text);
    }
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deltaShortcut } from "./delta-shortcut.ts";
import { readOpenAiEvent as readEvent } from "./openai-wire.ts";

function chunk(delta: unknown, more: object = {}, finish: string | null = null): string {
  return JSON.stringify({ id: "1", choices: [{ index: 0, delta, finish_reason: finish }], ...more });
}

describe("deltaShortcut", () => {
  test("reads a usual stream without parsing its events again", () => {
    let reads = 0;
    const read = deltaShortcut((data) => {
      reads += 1;
      return readEvent(data);
    });
    const texts = Array.from({ length: 100 }, (_, i) => `delta "${i}" \\ \n é`);
    expect(texts.map((content) => read(chunk({ content })).text)).toEqual(texts);
    expect(reads).toBe(1);
  });

  test("gives what the plain reader gives, whatever comes", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom('"content":', 'a","content":"b', "", '\\"', '"}}]}', '"}, "finish_reason":"stop'),
    );
    const event = fc.oneof(
      { weight: 6, arbitrary: text.map((content) => chunk({ content })) },
      text.map((content) => chunk({ content, role: "assistant" })),
      text.map((content) => chunk({ content }, {}, "stop")),
      text.map((content) => chunk({ content, reasoning_content: "content" })),
      text.map((content) => chunk({ content }, { usage: { prompt_tokens: 1, completion_tokens: 2 } })),
      text.map((content) => chunk({ content }, { content })),
      text.map((content) => chunk({ content }, { obfuscation: content })),
      text.map((content) => chunk({ content }).slice(0, -1)),
      text.map((content) => chunk({ reasoning: content })),
      text.map((message) => JSON.stringify({ error: { message } })),
      fc.constantFrom(
        "[DONE]",
        "{",
        chunk({ content: 7 }),
        chunk({ content: ["a"] }),
        chunk({ content: null }),
      ),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const read = deltaShortcut(readEvent);
        expect(events.map(read)).toEqual(events.map(readEvent));
      }),
      { numRuns: 500 },
    );
  });
});

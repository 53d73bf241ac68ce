import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { requestHash } from "../model/reply.ts";
import { readScriptRequest, scriptRequest } from "./prompt.ts";
import { bakery, lighthouse, mapRoom } from "./testing/examples.ts";
import { verifyScript } from "./verify-script.ts";
import { scriptToWire } from "./wire.ts";

const persona = (text: string) => ({ id: "0000000000000000", text });

describe("the request for a script", () => {
  test.each([
    ["lighthouse", lighthouse],
    ["map room", mapRoom],
    ["bakery", bakery],
  ])("shows a verified example: %s", (_name, script) => {
    expect(verifyScript(JSON.stringify(scriptToWire(script)))).toEqual({ script });
  });

  test("begins with the same bytes for every persona and after a fault", () => {
    const first = scriptRequest(persona("A diver.")).messages;
    const again = scriptRequest(persona("A diver."), {
      reply: "{",
      faults: [{ code: "malformed-json", problem: "it is not closed" }],
    }).messages;
    expect(again.slice(0, 2)).toEqual(first);
    expect(scriptRequest(persona("A potter.")).messages[0]).toEqual(first[0]);
  });

  test("has the bytes that the calls of runs before were hashed with", () => {
    expect(requestHash(scriptRequest(persona("A diver.")))).toBe("27753686eaa5cf77");
  });

  test("tells the model at most twelve faults and how many more there are", () => {
    const faults = Array.from({ length: 20 }, (_, index) => ({
      code: "bad-pattern" as const,
      action: `action ${index}`,
      problem: "is wrong",
    }));
    const last = scriptRequest(persona("A diver."), { reply: "{}", faults }).messages.at(-1)?.content;
    expect(last).toContain('"action 11"');
    expect(last).not.toContain('"action 12"');
    expect(last).toContain("and 8 more");
  });

  test("gives back the persona it was made from", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((text) => !text.includes("</persona>")),
        (text) => {
          expect(readScriptRequest(scriptRequest(persona(text)))).toEqual({
            persona: text,
            isCompact: false,
          });
          expect(readScriptRequest(scriptRequest(persona(text), undefined, true))).toEqual({
            persona: text,
            isCompact: true,
          });
        },
      ),
    );
  });
});

import { describe, expect, test } from "vitest";
import { explainFault } from "./explain-fault.ts";
import { FAULT_CODES, type Fault } from "./fault.ts";

const faults: readonly Fault[] = [
  { code: "malformed-json", turn: 4, problem: "a comma is missing" },
  { code: "wrong-keys", turn: 4, problem: 'the key "Thought" is missing' },
  { code: "unmatched-action", turn: 3, action: 'say "hello"\n' },
  { code: "error-in-last-turn", turn: 8 },
  { code: "unfinished", turn: 8 },
  { code: "too-few-errors", turn: 8, errors: 1 },
  { code: "unwanted-error", turn: 5 },
];

describe("the words of a fault", () => {
  test("exist for every code", () => {
    expect(faults.map(({ code }) => code)).toEqual(FAULT_CODES);
    expect(new Set(faults.map(explainFault)).size).toBe(faults.length);
  });

  test.each(faults.slice(0, 4))("name the turn: $code", (fault) => {
    expect(explainFault(fault)).toContain(`urn ${fault.turn} `);
  });

  test("are one line, whatever the action", () => {
    expect(explainFault(faults[2]!)).toContain(String.raw`"say \"hello\"\n"`);
    for (const fault of faults) expect(explainFault(fault)).not.toContain("\n");
  });

  test("tell one error turn from none", () => {
    expect(explainFault({ code: "too-few-errors", turn: 8, errors: 1 })).toContain("only one error turn");
    expect(explainFault({ code: "too-few-errors", turn: 8, errors: 0 })).toContain("no error turn");
  });
});

import { describe, expect, test } from "vitest";
import { explainFault } from "./fault.ts";
import { EVERY_FAULT } from "./testing/every-fault.ts";

const faults = Object.values(EVERY_FAULT);

describe("the words of a fault", () => {
  test("exist for every code, and are its own", () => {
    expect(new Set(faults.map(explainFault)).size).toBe(faults.length);
  });

  test.each(faults.slice(0, 4))("name the turn: $code", (fault) => {
    expect(explainFault(fault)).toContain(`urn ${fault.turn} `);
  });

  test("are one line, whatever the action", () => {
    expect(explainFault(EVERY_FAULT["unmatched-action"])).toContain(String.raw`"say \"hello\"\n"`);
    for (const fault of faults) expect(explainFault(fault)).not.toContain("\n");
  });

  test("tell one error turn from none", () => {
    expect(explainFault({ code: "too-few-errors", turn: 8, errors: 1 })).toContain("only one error turn");
    expect(explainFault({ code: "too-few-errors", turn: 8, errors: 0 })).toContain("no error turn");
  });
});

import { describe, expect, test } from "vitest";
import { createActionMatcher } from "../script/action-matcher.ts";
import { lighthouse } from "../script/testing/examples.ts";
import { lighthouseTurns } from "../trajectory/testing/examples.ts";
import { wireTurns } from "./testing/mutations.ts";
import { Verification } from "./verification.ts";

const matcher = createActionMatcher(lighthouse.actions);

describe("Algorithm 1, turn by turn", () => {
  test("counts the errors of turns that were kept from earlier calls", () => {
    const verification = new Verification(matcher, lighthouseTurns.slice(0, 9));
    expect(verification.end().errors).toBe(2);
  });

  test("looks at nothing behind the first fault", () => {
    const verification = new Verification(matcher);
    const fault = verification.add(wireTurns[1]);
    expect(fault).toMatchObject({ code: "wrong-keys", turn: 0 });
    expect(verification.add(wireTurns[0])).toBe(fault);
    expect(verification.end("not JSON")).toEqual({ fault, verified: [], read: [], errors: 0 });
  });

  test("checks a kept player's turn again with what follows it", () => {
    const kept = lighthouseTurns.slice(0, 4);
    expect(kept[3]).toMatchObject({ action: "take spare bulb from locker" });
    const flagged = new Verification(matcher, kept);
    expect(flagged.add(wireTurns[4])).toBeUndefined();
    const unflagged = new Verification(matcher, kept);
    const fault = unflagged.add({ ...wireTurns[4], parameter_error: false });
    expect(fault).toMatchObject({ code: "unmatched-action", turn: 3 });
    expect(unflagged.end().verified).toEqual(kept.slice(0, 3));
  });

  test("takes the first error for a fault where none are asked for", () => {
    const verification = new Verification(matcher, [], "none");
    for (const turn of wireTurns.slice(0, 4)) expect(verification.add(turn)).toBeUndefined();
    expect(verification.add(wireTurns[4])).toEqual({ code: "unwanted-error", turn: 3 });
    const { verified, errors } = verification.end();
    expect(verified).toEqual(lighthouseTurns.slice(0, 3));
    expect(errors).toBe(1);
  });

  test("shows what was read also where nothing is kept", () => {
    const verification = new Verification(matcher);
    for (const turn of wireTurns.filter((_, index) => index < 3)) verification.add(turn);
    const last = { ...wireTurns.at(-1), turn: 4 };
    verification.add({ ...wireTurns[9], turn: 3 });
    verification.add(last);
    const { fault, verified, read, errors } = verification.end();
    expect(fault).toEqual({ code: "too-few-errors", turn: 4, errors: 0 });
    expect(verified).toEqual([]);
    expect(read).toHaveLength(5);
    expect(errors).toBe(0);
  });
});

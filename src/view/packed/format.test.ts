import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packedAddress, withoutShared, withShared } from "./format.ts";

describe("packed addresses", () => {
  test("leave out what only filters a list", () => {
    expect(packedAddress("/run/demo/list?q=tea&sort=-turns&outcome=rejected")).toBe("/run/demo/list");
    expect(packedAddress("/run/demo/0a1b?part=2&q=tea")).toBe("/run/demo/0a1b?part=2");
    expect(packedAddress("/run/demo/0a1b?part=1")).toBe("/run/demo/0a1b");
  });

  test("do not depend on the order of what stands beside", () => {
    const addresses = ["/evaluation/a/tasks?with=b&with=c", "/evaluation/a/tasks?with=c&with=b"];
    expect(new Set(addresses.map(packedAddress)).size).toBe(1);
  });
});

describe("long texts", () => {
  const long = "x".repeat(5000);

  test("stand once and come back where they were", async () => {
    const texts = new Map<string, string>();
    const share = (text: string): string => {
      texts.set("only", text);
      return "only";
    };
    const page = { prompt: long, calls: [{ prompt: long, reply: "short" }], none: null };
    const packed = withoutShared(page, share);
    expect(JSON.stringify(packed).length).toBeLessThan(200);
    expect(await withShared(packed, async (name) => texts.get(name))).toEqual(page);
  });

  test("any page without them stays what it was, also one that imitates them", async () => {
    const nothing = async () => undefined;
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const page = { value, sly: { sharedText: "nowhere" } };
        const packed = withoutShared(page, () => "never");
        expect(await withShared(packed, nothing)).toEqual(page);
      }),
    );
  });
});

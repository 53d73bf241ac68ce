import { describe, expect, test } from "vitest";
import type { Host } from "./host.ts";
import { showProgress } from "./progress.ts";

function fakeWorld(isTTY: boolean): {
  readonly host: Host;
  readonly written: string[];
  readonly periods: number[];
  tick(): void;
} {
  const written: string[] = [];
  const periods: number[] = [];
  const calls = new Set<() => void>();
  const output = { write: (text: string) => void written.push(text), drained: async () => undefined };
  const host = {
    stderr: { ...output, isTTY, columns: 40 },
    every: (milliseconds: number, call: () => void) => {
      periods.push(milliseconds);
      calls.add(call);
      return () => calls.delete(call);
    },
  } as unknown as Host;
  return { host, written, periods, tick: () => calls.forEach((call) => void call()) };
}

describe("progress", () => {
  test("rewrites one line on a terminal, a few times a second, and takes it away", () => {
    const { host, written, periods, tick } = fakeWorld(true);
    let count = 0;
    const progress = showProgress(host, (width) => `${++count} of ${width}`, false);
    tick();
    progress.note("a note");
    progress.end();
    tick();
    const clear = "\r\u001b[2K";
    expect(written).toEqual([
      `${clear}1 of 39`,
      `${clear}2 of 39`,
      clear,
      "a note\n",
      `${clear}3 of 39`,
      clear,
    ]);
    expect(periods[0]).toBeLessThanOrEqual(500);
  });

  test("writes a plain line every ten seconds elsewhere", () => {
    const { host, written, periods, tick } = fakeWorld(false);
    const progress = showProgress(host, () => "state", false);
    expect(written).toEqual([]);
    tick();
    progress.end();
    tick();
    expect(written).toEqual(["state\n"]);
    expect(periods).toEqual([10_000]);
  });

  test("is silent when it is to be quiet, but for notes", () => {
    const { host, written, tick } = fakeWorld(true);
    const progress = showProgress(host, () => "state", true);
    tick();
    progress.note("a note");
    progress.end();
    expect(written).toEqual(["a note\n"]);
  });
});

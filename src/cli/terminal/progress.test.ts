import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import type { Host } from "./host.ts";
import { showProgress } from "./progress.ts";

function fakeHost(settings: {
  readonly isTTY: boolean;
  readonly columns?: number;
  readonly env?: Host["env"];
}): {
  readonly host: Host;
  readonly written: string[];
  readonly periods: number[];
  readonly stderr: { columns: number };
  tick(): void;
} {
  const written: string[] = [];
  const periods: number[] = [];
  const calls = new Set<() => void>();
  const stderr = {
    write: (text: string) => void written.push(text),
    drained: async () => undefined,
    isTTY: settings.isTTY,
    columns: settings.columns ?? 40,
    rows: 24,
  };
  const host: Host = {
    stdout: stderr,
    stderr,
    isInteractive: false,
    stdin: () => process.stdin,
    env: settings.env ?? {},
    directory: "/",
    now: () => 0,
    every: (milliseconds, call) => {
      periods.push(milliseconds);
      calls.add(call);
      return () => calls.delete(call);
    },
    onInterrupt: () => () => undefined,
    exit: () => undefined,
  };
  return { host, written, periods, stderr, tick: () => calls.forEach((call) => void call()) };
}

/** What a terminal shows of what was written: only what log-update does is understood. */
function screen(written: readonly string[]): readonly string[] {
  const rows: string[] = [""];
  let row = 0;
  for (const [token, text, letter] of written
    .join("")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is read here
    .matchAll(/([^\u001b\r\n]+)|\r|\n|\u001b\[\??\d*([A-Za-z])/g)) {
    if (text !== undefined) rows[row] = (rows[row] ?? "") + text;
    else if (token === "\n") {
      row += 1;
      rows[row] ??= "";
    } else if (letter === "A") row -= Number(/\d+/.exec(token)?.[0] ?? 1);
    else if (letter === "K") rows[row] = "";
    else if (letter === "J") rows.splice(row, rows.length, "");
  }
  return rows;
}

describe("progress", () => {
  test("rewrites its lines on a terminal, a few times a second, and takes them away", () => {
    const { host, written, periods, tick } = fakeHost({ isTTY: true });
    let count = 0;
    const progress = showProgress(host, (width) => [`${++count} of ${width}`, "second"], false);
    expect(screen(written)).toEqual(["1 of 39", "second", ""]);
    tick();
    progress.note("a note that is longer than the terminal is wide");
    expect(screen(written)).toEqual([
      "a note that is longer than the terminal",
      "is wide",
      "3 of 39",
      "second",
      "",
    ]);
    progress[Symbol.dispose]();
    tick();
    expect(screen(written).filter((row) => row !== "")).toEqual([
      "a note that is longer than the terminal",
      "is wide",
    ]);
    expect(periods[0]).toBeLessThanOrEqual(500);
  });

  test("goes above all rows that a narrower terminal made of its lines", () => {
    const { host, written, stderr, tick } = fakeHost({ isTTY: true, columns: 80 });
    showProgress(host, (width) => ["x".repeat(Math.min(width, 79)), "y"], false);
    stderr.columns = 30;
    written.length = 0;
    tick();
    expect(written[0]).toBe("\u001b[4A\r\u001b[J");
    expect(stringWidth(written.join("").split("\n")[0] ?? "")).toBeLessThan(30);
  });

  test("writes a plain line every ten seconds elsewhere, but not the same again", () => {
    for (const { host, written, periods, tick } of [
      fakeHost({ isTTY: false }),
      fakeHost({ isTTY: true, env: { TERM: "dumb" } }),
      fakeHost({ isTTY: true, env: { CI: "true" } }),
    ]) {
      let state = "1 of 2  eta 3m 20s";
      const progress = showProgress(host, () => [state, "waiting"], false);
      expect(written).toEqual([]);
      tick();
      state = "1 of 2  eta 3m 30s";
      tick();
      state = "2 of 2  eta 0.0s";
      tick();
      progress[Symbol.dispose]();
      tick();
      expect(written).toEqual(["1 of 2  eta 3m 20s  waiting\n", "2 of 2  eta 0.0s  waiting\n"]);
      expect(periods).toEqual([10_000]);
    }
  });

  test("is silent when it is to be quiet, but for notes", () => {
    const { host, written, tick } = fakeHost({ isTTY: true });
    const progress = showProgress(host, () => "state", true);
    tick();
    progress.note("a note");
    progress[Symbol.dispose]();
    expect(written).toEqual(["a note\n"]);
  });
});

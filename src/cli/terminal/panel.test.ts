import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { Panel, type PanelState } from "./panel.ts";

const STATE: PanelState = {
  total: 60,
  ended: 12,
  endedBefore: 0,
  seconds: 40,
  counts: [
    { label: "accepted", count: 11, style: "green", withShare: true },
    { label: "rejected", count: 1, style: "yellow" },
    { label: "failed", count: 0, style: "red" },
  ],
  concurrency: 32,
  tokens: 469_800,
  completionTokens: 120_000,
  cost: 1.58,
  limiter: { limit: 24, running: 20, waiting: 12, paused: 0, throttled: 2 },
  activity: { running: 20, retried: 3, retrying: 0, silentFor: 0, streamedCharacters: 4000 },
};

function panel(states: readonly PanelState[], width: number): readonly string[] {
  let now = 0;
  const shown = new Panel(
    (_style, text) => text,
    () => now,
  );
  let lines: readonly string[] = [];
  for (const state of states) {
    lines = shown.lines(state, width);
    now += 1000;
  }
  return lines;
}

const later = {
  ...STATE,
  activity: { running: 20, retried: 3, retrying: 0, silentFor: 0, streamedCharacters: 12_000 },
};

describe("panel", () => {
  test("says in three lines how a run goes, with the tokens of streams that still run", () => {
    expect(`${panel([STATE, later], 79).join("\n")}\n`).toMatchInlineSnapshot(`
      "━━━─────────────   12/60   accepted 11  (91.7 %)   rejected  1   failed  0
      on the wire 20 of 24   2,000 tokens/s   waiting 12
      eta 2m 40s   $1.58 of about $3.39   469.8k tokens   retried 3   throttled 2
      "
    `);
  });

  test("says why it waits, in the provider's words, as far as there is room", () => {
    const limiter = { ...later.limiter, limit: 18, running: 18, waiting: 14, paused: 12_000, throttled: 20 };
    const paused = {
      ...later,
      limiter: { ...limiter, pausedBecause: "Rate limit reached\nfor gpt-4o (429)" },
    };
    const retrying = {
      ...STATE,
      activity: {
        running: 0,
        retried: 3,
        retrying: 32,
        silentFor: 0,
        streamedCharacters: 0,
        lastFailure: "connection refused",
      },
    };
    const silent = { ...STATE, activity: { ...later.activity, silentFor: 45_000 } };
    const second = [paused, retrying, silent].map((state) => panel([state], 119)[1]);
    expect(`${second.join("\n")}\n`).toMatchInlineSnapshot(`
      "on the wire 20 of 18       0 tokens/s   waiting 14 (asked to wait 12s: Rate limit reached for gpt-4o (429))
      on the wire  0 of 24       0 tokens/s   waiting 44 (retrying 32: connection refused)
      on the wire 20 of 24       0 tokens/s   waiting 12 (nothing has come for 45s)
      "
    `);
    expect(stringWidth(panel([paused], 79)[1] ?? "")).toBe(79);
  });

  test("its lines stay where they are before the first call has ended, and without prices", () => {
    const first = {
      ...STATE,
      ended: 0,
      counts: STATE.counts.map((count) => ({ ...count, count: 0 })),
      cost: 0,
      tokens: 0,
      completionTokens: 0,
      seconds: 3,
    };
    expect(`${panel([first], 79).join("\n")}\n`).toMatchInlineSnapshot(`
      "────────────────    0/60   accepted  0       (–)   rejected  0   failed  0
      on the wire 20 of 24       0 tokens/s   waiting 12
      after 3.0s   0 tokens   retried 3   throttled 2
      "
    `);
    expect(panel([{ ...STATE, cost: null }], 79)).toHaveLength(3);
  });

  test("tells how much of the prompts came out of a cache, when any of it did", () => {
    const lines = panel([{ ...STATE, cachedShare: 0.634 }], 100);
    expect(lines[2]).toMatch(/throttled 2 {3}cached 63 %$/);
  });

  test("no line is wider than the terminal, whatever that is", () => {
    for (const width of [1, 10, 40, 79, 199]) {
      for (const line of panel([STATE, later], width)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  test("is one line without a bar elsewhere", () => {
    expect(panel([STATE, later], Number.POSITIVE_INFINITY).join("  ")).toMatchInlineSnapshot(
      `"12/60  accepted 11 (91.7 %)  rejected 1  failed 0  on the wire 20 of 24   2,000 tokens/s   waiting 12  eta 2m 40s   $1.58 of about $3.39   469.8k tokens   retried 3   throttled 2"`,
    );
  });
});

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { annotationsPath } from "../../annotation/annotation-file.ts";
import { type AcceptedRun, acceptedIn, type DrawnTurn, drawTurns } from "../../annotation/draw.ts";
import { judgeRequest } from "../../annotation/judge-prompt.ts";
import { readJudgedTurn } from "../../annotation/judged-turn.ts";
import type { TurnVerdict } from "../../annotation/verdict.ts";
import { judge } from "../../author/judge.ts";
import { makeWorld } from "../../author/make-world.ts";
import { beginPlay, type Play } from "../../author/play.ts";
import { type ChatServer, startChatServer } from "../../model/testing/chat-server.ts";
import { openRunFolder } from "../../runs/run-folder.ts";
import { currentSyntheses, storedTrajectory } from "../../synthesis/read-run.ts";
import { createTestHost, type RunOptions, type TestHost } from "../testing/test-host.ts";

let host: TestHost;
let run: AcceptedRun;
/** What is so of each turn, from the world that the offline author made and knows, not from the flags. */
const truth = new Map<string, TurnVerdict>();

const keyOf = ({ id, turn }: DrawnTurn): string => `${id} ${turn}`;
const SAMPLE = 6;

beforeAll(async () => {
  host = await createTestHost();
  await host.run(["generate", "--model", "offline", "--limit", "9", "--out", "run"]);
  run = await acceptedIn(await openRunFolder(join(host.directory, "run")));
  for await (const record of currentSyntheses(run.folder.paths)) {
    const world = makeWorld("1", record.persona);
    let play: Play = beginPlay(world);
    storedTrajectory(record)?.turns.forEach((turn, number) => {
      if (turn.role !== "Player") return;
      const judged = judge(world, play, turn.action);
      play = judged.play;
      truth.set(keyOf({ id: record.id, turn: number }), judged.obstacle === undefined ? "right" : "wrong");
    });
  }
}, 60_000);

afterAll(() => host.remove());

beforeEach(async () => {
  await rm(annotationsPath(run.folder.directory), { force: true });
  await rm(join(run.folder.directory, "judging"), { recursive: true, force: true });
});

function annotate(flags: readonly string[], options: RunOptions = {}) {
  return host.run(["annotate", "run", "--sample", String(SAMPLE), ...flags], options);
}

const terminal = { isInteractive: true, isTTY: true, env: { NO_COLOR: "1" } };

/** The keys that answer turns; the first one takes the explanation away. */
function keysFor(turns: readonly DrawnTurn[], flipped: ReadonlySet<number> = new Set()): string {
  const keys = turns.map((turn, place) => {
    const isRight = truth.get(keyOf(turn)) === "right";
    return isRight === flipped.has(place) ? "w" : "r";
  });
  return ` ${keys.join("")}`;
}

async function reliability() {
  return JSON.parse((await annotate(["--table", "--json"])).stdout);
}

describe("annotate at a terminal", () => {
  test("an annotator who knows the world agrees with the author in all", async () => {
    const { turns } = await drawTurns(run, { sample: SAMPLE, seed: 1 });
    const { code, stderr, stdout } = await annotate(["--as", "ana"], { ...terminal, stdin: keysFor(turns) });
    expect(code).toBe(0);
    expect(stderr).toContain("ana has judged all 12 turns.");
    expect(stdout).toMatch(/labelled right +6 +0 +100\.0 \[61\.0, 100\.0\]/);
    expect(stdout).toMatch(/Cohen's kappa +1\.00 \[/);
    expect(stdout).toMatch(/labelled wrong +9 +41 +82\.0/);
    const again = await annotate(["--as", "ana"], terminal);
    expect(again.stderr).toContain("ana has judged all 12 turns.");
  });

  test("keeps each answer at once and goes on where it was ended; several annotators are compared", async () => {
    const { turns } = await drawTurns(run, { sample: SAMPLE, seed: 1 });
    const all = keysFor(turns);
    const cut = await annotate(["--as", "ana"], { ...terminal, stdin: `${all.slice(0, 6)}\u0003` });
    expect(cut.code).toBe(130);
    expect(cut.stderr).toContain("ana has judged 5 of 12 turns, 5 of them now.");
    expect(cut.stderr).toContain("agentrefine annotate run --sample 6 --seed 1 --as ana");
    const lines = (await readFile(annotationsPath(run.folder.directory), "utf8")).trim().split("\n");
    expect(lines.map((line) => keyOf(JSON.parse(line)))).toEqual(turns.slice(0, 5).map(keyOf));
    await annotate(["--as", "ana"], { ...terminal, stdin: ` ${all.slice(6)}` });
    await annotate(["--as", "ben"], { ...terminal, stdin: keysFor(turns, new Set([0, 3, 7])) });
    const { annotators, between, alpha } = await reliability();
    expect(annotators).toMatchObject([
      { annotator: "ana", agreement: { value: 1 } },
      { annotator: "ben", agreement: { value: 0.75 } },
    ]);
    expect(between).toMatchObject([{ one: "ana", other: "ben", agreement: { value: 0.75 } }]);
    expect(alpha).toBeGreaterThan(0.4);
  });

  test("skips, goes back and corrects", async () => {
    const { turns } = await drawTurns(run, { sample: SAMPLE, seed: 1 });
    const { stderr } = await annotate(["--as", "ana"], { ...terminal, stdin: " srbwq" });
    expect(stderr).toContain("ana has judged 1 of 12 turns, 1 of them now.");
    expect(stripVTControlCharacters(stderr)).toContain("Turn 2 of 12, 1 judged  you said: right");
    const said = (await readFile(annotationsPath(run.folder.directory), "utf8")).trim().split("\n");
    expect(said.map((line) => [keyOf(JSON.parse(line)), JSON.parse(line).verdict])).toEqual([
      [keyOf(turns[1]!), "right"],
      [keyOf(turns[1]!), "wrong"],
    ]);
  });

  test("fits the terminal, moves the text, and never shows what the dungeon master said", async () => {
    const { turns } = await drawTurns(run, { sample: SAMPLE, seed: 1 });
    const input = new PassThrough();
    const frames: string[] = [];
    const keys = [" ", "\u001b[H", "\u001b[6~", "\u001b[F", "?", " ", "q"];
    const onWrite = (text: string): void => {
      if (!text.startsWith("\u001b[H")) return;
      frames.push(stripVTControlCharacters(text));
      input.write(keys.shift() ?? "q");
    };
    await annotate(["--as", "ana"], { ...terminal, input, onWrite });
    expect(frames).toHaveLength(7);
    for (const frame of frames) {
      const lines = frame.split("\r\n");
      expect(lines).toHaveLength(24);
      expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThan(80);
    }
    const [explained, end, beginning, further, again, help] = frames;
    expect(explained).toContain("Right or wrong?");
    expect(end).toContain(`TURN ${turns[0]?.turn}: RIGHT OR WRONG?`);
    expect(beginning).toContain("SCRIPT");
    expect(further).not.toContain("SCRIPT");
    expect(again).toBe(end);
    expect(help).toBe(explained);

    const shown = JSON.stringify(await readJudgedTurn(run, turns[0]!));
    for await (const record of currentSyntheses(run.folder.paths)) {
      if (record.id !== turns[0]?.id) continue;
      const played = storedTrajectory(record)?.turns ?? [];
      played.forEach((turn, number) => {
        if (turn.role !== "DM") return;
        expect(shown).not.toContain(JSON.stringify(turn.thought));
        const isBefore = number < (turns[0]?.turn ?? 0);
        expect(shown.includes(JSON.stringify(turn.observation.trim()))).toBe(isBefore);
      });
    }
    expect(shown).not.toMatch(/Error|progress|finished/);
  });

  test("without a terminal it says what to do", async () => {
    const { code, stderr } = await annotate([]);
    const gone = await host.run(["annotate", "gone"]);
    expect([gone.code, gone.stderr]).toEqual([2, expect.stringContaining("gone")]);
    expect(gone.stderr).not.toContain("terminal");
    expect([code, stderr]).toEqual([2, expect.stringContaining("let a model judge with --judge")]);
    expect((await annotate(["--table"])).stderr).toBe("Nobody has judged a turn of this run yet.\n");
    const both = await annotate(["--judge", "m", "--as", "ana"]);
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("--as names a person")]);
  });
});

describe("annotate with a model", () => {
  let server: ChatServer;
  /** What the judge answers to which prompt; a verdict of the truth when not set. */
  const answers = new Map<string, string>();

  beforeAll(async () => {
    const { turns } = await drawTurns(run, { sample: SAMPLE, seed: 1 });
    for (const turn of turns) {
      const prompt = judgeRequest(await readJudgedTurn(run, turn)).messages[1]?.content ?? "";
      answers.set(prompt, `It is so.\n**Verdict:** ${truth.get(keyOf(turn))}`);
    }
    server = await startChatServer(({ messages }) => ({
      text: answers.get(messages[1]?.content ?? "") ?? "?",
    }));
  });

  afterAll(() => server.close());

  const judging = (...flags: readonly string[]) =>
    annotate(["--judge", "m", "--base-url", server.url, "--price", "1,2", ...flags]);

  test("buys each verdict once, keeps the reply first, and counts as an annotator", async () => {
    const first = await judging();
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(/m has judged 12 of 12 turns of run, for \$0\.\d+ in all\./);
    expect(first.stdout).toContain("m (model)");
    expect(server.counts.requests).toBe(12);
    await rm(annotationsPath(run.folder.directory));
    const second = await judging("--json");
    expect(server.counts.requests).toBe(12);
    expect(JSON.parse(second.stdout).annotators).toMatchObject([
      { annotator: "m (model)", confusion: { right: { right: 6, wrong: 0 }, wrong: { right: 0, wrong: 6 } } },
    ]);
    const { turns } = await drawTurns(run, { sample: SAMPLE, seed: 1 });
    await annotate(["--as", "m"], { ...terminal, stdin: keysFor(turns) });
    expect((await reliability()).between).toMatchObject([{ one: "m", other: "m (model)" }]);
  });

  test("pauses at the cap, and resumes without buying anything twice", async () => {
    const before = server.counts.requests;
    const capped = await judging("--max-cost", "0.02", "--max-tokens", "64", "--concurrency", "1");
    expect(capped.code).toBe(3);
    expect(capped.stderr).toContain("Raise --max-cost to continue.");
    const bought = server.counts.requests - before;
    expect(bought).toBeGreaterThan(0);
    expect(bought).toBeLessThan(12);
    expect((await judging()).code).toBe(0);
    expect(server.counts.requests - before).toBe(12);
  });

  test("leaves out a reply without a verdict, until it is asked again", async () => {
    const [prompt = "", answer = ""] = [...answers][0] ?? [];
    answers.set(prompt, "I cannot tell.");
    const before = server.counts.requests;
    const first = await judging();
    expect(first.code).toBe(3);
    expect(first.stderr).toContain(
      "1 reply has no verdict: the same command with --retry-failed asks again.",
    );
    expect((await reliability()).turns).toBe(11);
    answers.set(prompt, answer);
    expect((await judging()).code).toBe(3);
    expect(server.counts.requests - before).toBe(12);
    expect((await judging("--retry-failed")).code).toBe(0);
    expect(server.counts.requests - before).toBe(13);
  });
});

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lighthouse } from "../../src/script/testing/examples.ts";
import { scriptToText } from "../../src/script/wire.ts";
import { begin, receive, request } from "../../src/synthesis/synthesis.ts";
import { type Arm, type ArmResult, alternate, ratioOf, type Spread } from "../support/alternate.ts";
import { atLeast, atMost, type Benchmark, type Goal, type Report, type Row } from "../support/benchmark.ts";
import { startServer } from "../support/child.ts";
import { type CommandFigures, timeCommand } from "../support/command.ts";
import { personas } from "../support/personas.ts";
import { inTemporaryFolder } from "../support/work.ts";
import { TURNS } from "./harness-load.ts";

/** What asking so often took. */
interface Asked extends CommandFigures {
  readonly calls: number;
}

const CLIENT = fileURLToPath(new URL("../../../bench/benchmarks/peers-client.py", import.meta.url));
/** Milliseconds after which the servers answer. */
const LATENCY = "50";
/** Personas with which the cost of starting is measured, to be taken off. */
const FEW = 10;

/** Runs another framework in the Python that is named. */
function askWith(python: string, args: readonly string[]): Promise<CommandFigures> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [CLIENT, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let [told, said] = ["", ""];
    child.stdout.on("data", (chunk) => {
      told = `${told}${chunk}`.slice(-4000);
    });
    child.stderr.on("data", (chunk) => {
      said = `${said}${chunk}`.slice(-2000);
    });
    child.once("exit", (code) => {
      const line = told.trim().split("\n").at(-1) ?? "";
      if (code === 0 && line.startsWith("{")) resolve(JSON.parse(line));
      else reject(new Error(`${args[0]} ended with ${code}:\n${said}`));
    });
  });
}

interface Load {
  readonly folder: string;
  readonly url: string;
  readonly atOnce: number;
  readonly rows: number;
}

async function writeInputs(folder: string, rows: number): Promise<void> {
  const lines: string[] = [];
  const asked: string[] = [];
  for await (const persona of personas(rows)) {
    lines.push(JSON.stringify({ persona: persona.text }));
    const script = begin(persona, 4);
    const trajectory = receive(script, { text: scriptToText(lighthouse) });
    for (const stage of [script, trajectory]) asked.push(JSON.stringify(request(stage)));
  }
  await writeFile(join(folder, "personas.jsonl"), `${lines.join("\n")}\n`);
  await writeFile(join(folder, "requests.jsonl"), `${asked.join("\n")}\n`);
}

/** Our own run: two calls a persona, chained, verified, each reply synced before it is used. */
async function ours({ folder, url, atOnce, rows }: Load, flags: readonly string[]): Promise<Asked> {
  const own = await mkdtemp(join(folder, "ours-"));
  const asked = ["--model", "served", "--base-url", url, "--concurrency", String(atOnce)];
  const what = [
    "generate",
    join(folder, "personas.jsonl"),
    "--limit",
    String(rows),
    "--out",
    join(own, "run"),
  ];
  const figures = await timeCommand([...what, ...asked, ...flags], own);
  return { ...figures, calls: 2 * rows };
}

async function theirs(python: string, name: string, { folder, url, atOnce, rows }: Load): Promise<Asked> {
  const own = await mkdtemp(join(folder, `${name}-`));
  const args = [name, url, join(folder, "requests.jsonl"), String(atOnce), own, String(2 * rows)];
  return { ...(await askWith(python, args)), calls: 2 * rows };
}

/** Processor's time of a call, in milliseconds, without what the start costs. */
function slope(many: Asked, few: Asked): number {
  return ((many.cpu - few.cpu) / (many.calls - few.calls)) * 1000;
}

interface Measured {
  readonly many: Asked;
  readonly few: Asked;
}

type Ask = (load: Load) => Promise<Asked>;

function armsOf(python: string | undefined): readonly (readonly [string, Ask])[] {
  const own: readonly (readonly [string, Ask])[] = [
    ["ours, whole replies", (load) => ours(load, ["--no-stream"])],
    ["ours, streamed", (load) => ours(load, [])],
  ];
  if (python === undefined) return own;
  return [
    ["curator", (load) => theirs(python, "curator", load)],
    ["distilabel", (load) => theirs(python, "distilabel", load)],
    ...own,
  ];
}

function rowOf(result: ArmResult<Measured>): Row {
  return {
    name: result.name,
    figures: [
      result.spread(({ many }) => many.calls / many.seconds),
      result.spread(({ many }) => (many.cpu / many.calls) * 1000),
      result.spread(({ many, few }) => slope(many, few)),
      result.spread(({ many }) => many.peak),
    ],
  };
}

function goalsOf(results: readonly ArmResult<Measured>[]): readonly Goal[] {
  const of = (name: string) => results.find((result) => result.name === name);
  const [curator, whole, streamed] = [of("curator"), of("ours, whole replies"), of("ours, streamed")];
  if (curator === undefined || whole === undefined || streamed === undefined) return [];
  const ratio = (one: ArmResult<Measured>, figure: (measured: Measured) => number): Spread =>
    ratioOf(one, curator, figure);
  const rate = ({ many }: Measured): number => many.calls / many.seconds;
  return [
    atLeast("calls a second, whole, divided by curator's,", ratio(whole, rate).median, 2),
    atLeast("calls a second, streamed, divided by curator's,", ratio(streamed, rate).median, 1.5),
    atMost(
      "CPU of a call, whole, without the start, divided by curator's,",
      ratio(whole, ({ many, few }) => slope(many, few)).median,
      1 / 3,
    ),
  ];
}

/**
 * Turns of evaluations: CPU of one with inspect_ai's plain loop and with ours, whose worlds are played. Every reply is
 * the same thought and action, of a server of their own.
 */
async function turns(folder: string, url: string, python: string | undefined, quick: boolean) {
  const own = await mkdtemp(join(folder, "evaluate-"));
  const evaluate = async (samples: number): Promise<Asked> => {
    const what = [
      "evaluate",
      "--suite",
      "pddl",
      "--samples",
      String(samples),
      "--out",
      join(own, `${samples}`),
    ];
    const asked = ["--model", "served", "--base-url", url, "--concurrency", "64", "--no-stream"];
    const figures = await timeCommand([...what, ...asked], own);
    return { ...figures, calls: 60 * samples * TURNS };
  };
  const inspect = async (path: string, episodes: number): Promise<Asked> => {
    const args = ["inspect", url, "none", "64", await mkdtemp(join(folder, "inspect-"))];
    return {
      ...(await askWith(path, [...args, String(episodes), String(TURNS)])),
      calls: episodes * TURNS,
    };
  };
  const many = quick ? 2 : 4;
  const ourTurns = { many: await evaluate(many), few: await evaluate(1) };
  const theirTurns = python && {
    many: await inspect(python, quick ? 24 : 240),
    few: await inspect(python, 16),
  };
  return { ours: ourTurns, theirs: theirTurns };
}

function turnRow(name: string, { many, few }: Measured): Row {
  return {
    name,
    figures: [many.calls / many.seconds, (many.cpu / many.calls) * 1000, slope(many, few), many.peak],
  };
}

async function compare(
  quick: boolean,
  size: number | undefined,
  progress: (note: string) => void,
): Promise<Report> {
  const python = process.env.AGENTREFINE_PEERS_PYTHON;
  const rows = size ?? (quick ? 40 : 505);
  return await inTemporaryFolder(async (folder) => {
    await writeInputs(folder, rows);
    await mkdir(join(folder, "home"));
    const server = await startServer("benchmarks/peers-server.js", [LATENCY]);
    const turnServer = await startServer("benchmarks/harness-server.js", [LATENCY]);
    try {
      const load = { folder, url: server.url, atOnce: 64, rows };
      const arms = armsOf(python).map(
        ([name, ask]): Arm<Measured> => ({
          name,
          measure: async () => ({ many: await ask(load), few: await ask({ ...load, rows: FEW }) }),
        }),
      );
      const results = await alternate(arms, { rounds: quick ? 1 : 2, warmUp: false, progress });
      progress("turns of evaluations");
      const evaluated = await turns(folder, turnServer.url, python, quick);
      const inspected = evaluated.theirs;
      return {
        method: `The same ${2 * rows} requests, 64 at once, answers of a script or a trajectory after ${LATENCY} ms from a server in another process; ours chains the two calls of a persona, verifies them and syncs every reply, the others get the finished prompts. CPU is of the client and its children. Below, turns of evaluations of ${TURNS} turns, whose replies are a thought and an action. ${python === undefined ? "AGENTREFINE_PEERS_PYTHON names no Python with curator, distilabel and inspect_ai, so ours is alone." : ""}`,
        columns: [
          { title: "calls/s", digits: 0 },
          { title: "CPU ms a call", digits: 2 },
          { title: "without the start", digits: 2 },
          { title: "peak MiB", digits: 0 },
        ],
        rows: [
          ...results.map(rowOf),
          turnRow("a turn, ours", evaluated.ours),
          ...(inspected ? [turnRow("a turn, inspect_ai", inspected)] : []),
        ],
        goals: [
          ...goalsOf(results),
          ...(inspected
            ? [
                atMost(
                  "CPU of a turn, without the start, divided by inspect_ai's,",
                  slope(evaluated.ours.many, evaluated.ours.few) / slope(inspected.many, inspected.few),
                  1 / 25,
                ),
              ]
            : []),
        ],
        packages: ["undici"],
      };
    } finally {
      await turnServer.stop();
      await server.stop();
      await rm(join(folder, "home"), { recursive: true, force: true });
    }
  });
}

/** What the frameworks that people would name take for the same work. */
export const peers: Benchmark = {
  name: "peers",
  question:
    "How many calls a second, and at what CPU and memory, against curator, distilabel and inspect_ai?",
  run: ({ quick, size, progress }) => compare(quick, size, progress),
};

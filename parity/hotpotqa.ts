import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as z from "zod";
import { normalizeAnswer, questionWorld, scoreAnswer } from "../src/environment/hotpotqa/question-world.ts";
import { LATS_RULES } from "../src/environment/hotpotqa/rules.ts";
import { openSite, type Site } from "../src/environment/hotpotqa/wikipedia.ts";
import { firstDifference, type Replayer, type ReplayRow, type RowReport } from "./replay.ts";

const pageRow = z.object({
  address: z.string(),
  status: z.number(),
  location: z.string().optional(),
  html: z.string().default(""),
});

const walkRow = z.object({
  question: z.string(),
  answer: z.string(),
  init_obs: z.string(),
  steps: z.array(
    z.object({
      action: z.string(),
      observation: z.string(),
      reward: z.number(),
      done: z.boolean(),
      asked: z.array(z.string()),
      em: z.boolean().optional(),
      f1: z.number().optional(),
    }),
  ),
});

const metricRow = z.object({
  prediction: z.string(),
  answer: z.string(),
  normalized: z.string(),
  em: z.boolean(),
  f1: z.number(),
});

const TOLERANCE = 1e-12;

/** A site of recorded pages on this machine, and the addresses that it was asked for. */
interface Loopback {
  readonly site: Site;
  /** The addresses since the last call, those that redirects led to left out. */
  readonly asked: () => readonly string[];
  readonly close: () => void;
}

async function serve(pages: string): Promise<Loopback> {
  const rows = pages.split("\n").filter((line) => line !== "");
  const answers = new Map(
    rows.map((line) => pageRow.parse(JSON.parse(line))).map((row) => [row.address, row]),
  );
  let asked: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    const { status, location, html } = answers.get(url) ?? { status: 404, html: "" };
    if (url.includes("?search=")) asked.push(url);
    response.writeHead(status, {
      "content-type": "text/html; charset=UTF-8",
      ...(location === undefined ? {} : { location }),
    });
    response.end(html);
  });
  // Whatever happens, the server keeps no process alive.
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const place = server.address();
  const port = typeof place === "object" ? place?.port : undefined;
  return {
    site: await openSite(`http://127.0.0.1:${port}`, {}),
    asked: () => {
      const since = asked;
      asked = [];
      return since;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function replayWalk(row: unknown, pages: string): Promise<RowReport> {
  const { question, answer, init_obs, steps } = walkRow.parse(row);
  const { site, asked, close } = await serve(pages);
  try {
    const world = questionWorld({ question, answer }, LATS_RULES, async (address) => {
      const { html } = await site.ask(address, new AbortController().signal);
      return html;
    });
    const { observation: first } = await world.reset();
    const total = steps.length;
    if (first !== init_obs) return { equal: 0, total, difference: `at the start: ${first}` };
    for (const [i, { action, f1, ...recorded }] of steps.entries()) {
      const { observation, scores, ending } = await world.step(action);
      const { em = 0 } = scores;
      const ours = { observation, reward: em, done: ending !== undefined, asked: asked(), em: em === 1 };
      const difference = firstDifference(recorded, ours);
      if (difference !== undefined) return { equal: i, total, difference: `step ${i}, ${difference}` };
      if (Math.abs((f1 ?? 0) - (scores.f1 ?? 0)) > TOLERANCE)
        return { equal: i, total, difference: `step ${i}, f1: recorded ${f1}, ours ${scores.f1}` };
    }
    return { equal: total, total, difference: undefined };
  } finally {
    close();
  }
}

function replayMetric(row: unknown): RowReport {
  const { prediction, answer, f1, ...recorded } = metricRow.parse(row);
  const ours = scoreAnswer(prediction, answer);
  const wrongF1 = Math.abs(f1 - ours.f1) > TOLERANCE ? `f1: recorded ${f1}, ours ${ours.f1}` : undefined;
  const difference =
    firstDifference(recorded, { normalized: normalizeAnswer(prediction), em: ours.em === 1 }) ?? wrongF1;
  return { equal: difference === undefined ? 1 : 0, total: 1, difference };
}

/** The replay of HotpotQA's recordings; walks need the recorded pages, which a server of this machine then shows. */
export function hotpotqaReplayers(folder: string): readonly (readonly [string, Replayer])[] {
  const file = join(folder, "hotpotqa/pages.jsonl.gz");
  const ready = (unit: string, replayRow: ReplayRow): Replayer => ({ code: "ready", unit, replayRow });
  const metrics = ["hotpotqa/metrics.jsonl.gz", ready("answers", replayMetric)] as const;
  const served = "hotpotqa/pages.jsonl.gz";
  if (!existsSync(file)) {
    const reason = "needs the recorded pages (hotpotqa/pages.jsonl.gz)";
    return [["hotpotqa/walks.jsonl.gz", { code: "unavailable", reason }], metrics];
  }
  const pages = gunzipSync(readFileSync(file)).toString("utf8");
  return [
    ["hotpotqa/walks.jsonl.gz", ready("steps", (row) => replayWalk(row, pages))],
    [served, { code: "unavailable", reason: "they are what the walks are played on" }],
    metrics,
  ];
}

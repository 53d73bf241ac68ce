import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildProgram } from "../../cli/testing/built-program.ts";
import { createTestHost } from "../../cli/testing/test-host.ts";
import { evaluateSuites } from "../../evaluation/evaluate-suites.ts";
import { HOSTILE_RUN, oddPlayer, writeHostileRows, writeHostileRun } from "./hostile.ts";

/** Pages of the program as it is published: over real things and hostile ones, served and packed. */
export interface ShownPages {
  /** Where they are served, without a slash at the end. */
  readonly served: string;
  /** The addresses of the same pages as one file and as a folder. */
  readonly packed: Readonly<Record<"file" | "folder", string>>;
  close(): Promise<void>;
}

/** Makes a run, its rows, three evaluations and hostile ones, and shows them. */
export async function showPages(): Promise<ShownPages> {
  const program = await buildProgram();
  const place = program.directory;
  const beside = await mkdtemp(join(tmpdir(), "agentrefine-pages-"));
  const env = { AGENTREFINE_HOME: join(beside, "home") };
  const host = await createTestHost(place);
  await host.run(["generate", "--model", "offline", "--limit", "4", "--out", "run", "--quiet"]);
  await host.run(["export", "run", "--format", "conversations", "--out", "rows.jsonl"]);
  await writeHostileRun(join(place, "run"), join(place, HOSTILE_RUN));
  await writeHostileRows(join(place, "hostile.jsonl"));
  const options = { suites: ["babyai", "pddl"], sample: 2, maxTurns: 7 } as const;
  await evaluateSuites(join(place, "random"), { ...options, agent: "random", samples: 2 });
  await evaluateSuites(join(place, "expert"), { ...options, agent: "expert", maxTurns: 40 });
  await evaluateSuites(join(place, "odd"), {
    ...options,
    model: oddPlayer(),
    reflexion: 2,
    concurrency: 1,
  });

  const packed = { file: join(beside, "pages.html"), folder: join(beside, "pages") };
  const some = ["run", "expert", "odd", "random"];
  for (const words of [
    ["--out", packed.file],
    [...some, "--out", packed.folder],
  ]) {
    const { code, stderr } = await program.start(["view", ...words], env).ended;
    if (code !== 0) throw new Error(stderr);
  }
  const { child, ended } = program.start(["view", "--port", "0", "--no-open"], env);
  let told = "";
  while (!told.includes("Ctrl-C")) {
    const [chunk] = await once(child.stderr ?? child, "data");
    told += String(chunk);
  }
  const [served = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(told) ?? [];
  return {
    served,
    packed: {
      file: pathToFileURL(packed.file).href,
      folder: pathToFileURL(join(packed.folder, "index.html")).href,
    },
    close: async () => {
      child.kill("SIGINT");
      await ended;
      await Promise.all([program.remove(), rm(beside, { recursive: true })]);
    },
  };
}

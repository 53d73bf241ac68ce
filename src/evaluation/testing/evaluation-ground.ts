import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomAgent } from "../../agent/planned-agents.ts";
import { type Episode, episodeSchema, keyText } from "../episode.ts";
import type { EpisodeCall } from "../episode-calls.ts";
import { readEpisodeCalls } from "../episode-calls.ts";
import { type EvaluateOptions, type EvaluationResult, evaluate } from "../evaluate.ts";
import { lampSuite } from "./lamp-suite.ts";

/** A temporary folder in which evaluations are run. */
export interface EvaluationGround {
  /** Runs or resumes the evaluation of that name; by default a random player of twelve corridors. */
  run(name: string, options?: Partial<EvaluateOptions>): Promise<EvaluationResult>;
  /** Its finished episodes, sorted by their keys. */
  episodes(name: string): Promise<readonly Episode[]>;
  /** What was bought for it, in order. */
  calls(name: string): Promise<readonly EpisodeCall[]>;
  /** The path of one of its journals; that of the episodes when not given. */
  journal(name: string, kind?: "episodes" | "calls"): string;
  directory(name: string): string;
  remove(): Promise<void>;
}

/** Makes the folder. */
export async function createEvaluationGround(): Promise<EvaluationGround> {
  const root = await mkdtemp(join(tmpdir(), "agentrefine-evaluation-"));
  const directory = (name: string): string => join(root, name);
  const journal: EvaluationGround["journal"] = (name, kind = "episodes") => join(root, name, `${kind}.jsonl`);
  return {
    directory,
    journal,
    run: async (name, options = {}) => {
      await mkdir(directory(name), { recursive: true });
      return evaluate(directory(name), {
        agent: randomAgent,
        suites: [lampSuite(12)],
        attempts: 1,
        maxTurns: 30,
        seed: 1,
        concurrency: 3,
        costOf: ({ completionTokens }) => completionTokens / 1000,
        retryFailed: false,
        stop: new AbortController().signal,
        ...options,
      });
    },
    episodes: async (name) => {
      const text = await readFile(journal(name), "utf8");
      const lines = text.split("\n").filter((line) => line !== "");
      const episodes = lines.map((line) => episodeSchema.parse(JSON.parse(line)));
      return episodes.sort((one, other) => (keyText(one) < keyText(other) ? -1 : 1));
    },
    calls: async (name) => {
      const calls: EpisodeCall[] = [];
      for await (const line of readEpisodeCalls(directory(name))) if ("call" in line) calls.push(line);
      return calls;
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

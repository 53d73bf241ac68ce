import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { AgentRefineError } from "../../errors.ts";
import type { RunDescription, RunFolder, WholeList } from "../../runs/run-folder.ts";
import { settingsDifference } from "../../runs/settings-difference.ts";
import { readShard, type Shard, shardOfSettings, shardText } from "../../runs/shard.ts";

// Whether runs are parts of one whole: made with the same settings, each place of the list in one of them.

/** Where a model's server was and which variable had its key; shards may each have had a server of their own. */
const WHEREABOUTS: readonly string[] = ["model.baseUrl", "model.apiKeyEnv"];

const withPersonas = z.looseObject({ personas: z.looseObject({}) });

const WHOLE: Shard = { of: 1, parts: new Set([0]) };

/** What runs that are merged have in common. */
export interface Agreement {
  /** What the merged run is described with, but for its shard. */
  readonly description: Omit<RunDescription, "format" | "wholeList">;
  /** The shards that are there; all of them in a complete merge. */
  readonly shard: Shard;
  /** Which of the runs has which shard, by its number. */
  readonly owners: readonly (number | undefined)[];
  readonly wholeList: WholeList | undefined;
  /** Settings that differ and may. */
  readonly notes: readonly string[];
}

function shardOfRun({ description }: RunFolder): Shard | undefined {
  const shard = shardOfSettings(description.settings);
  return shard === undefined ? undefined : readShard(shard);
}

function withoutShard({ description: { settings } }: RunFolder): Readonly<Record<string, unknown>> {
  const read = withPersonas.safeParse(settings);
  if (!read.success) return settings;
  const { shard: _shard, ...personas } = read.data.personas;
  return { ...settings, personas };
}

function valueWords(value: unknown): string {
  return value === undefined ? "not set" : JSON.stringify(value).slice(0, 80);
}

function nameOf(run: RunFolder): string {
  const shard = shardOfRun(run);
  return shard === undefined
    ? `${run.directory} is a whole run`
    : `${run.directory} is shard ${shardText(shard)}`;
}

/** Refuses a run that was made otherwise than the first; gives what differs and may. */
function requireSame(first: RunFolder, other: RunFolder): readonly string[] {
  const differences = settingsDifference(withoutShard(first), withoutShard(other));
  const inWords = differences.map(({ key, saved, given }) => ({
    key,
    words: `${key} is ${valueWords(saved)} in ${first.directory} and ${valueWords(given)} in ${other.directory}`,
  }));
  const bad = inWords.filter(({ key }) => !WHEREABOUTS.includes(key));
  if (bad.length > 0) {
    throw new AgentRefineError(
      `the runs were made with different settings: ${bad.map(({ words }) => words).join("; ")}`,
      { fix: "Merge shards of one run only." },
    );
  }
  return inWords.map(({ words }) => words);
}

function requireSameList(first: RunFolder, other: RunFolder): void {
  const [one, another] = [first.description.wholeList, other.description.wholeList];
  if (one === undefined || another === undefined || isDeepStrictEqual(one, another)) return;
  const counts =
    one.personas === another.personas
      ? `both of ${one.personas} personas, but not the same ones`
      : `of ${one.personas} and of ${another.personas} personas`;
  throw new AgentRefineError(
    `${first.directory} and ${other.directory} are shards of different lists: ${counts}`,
    { fix: "Begin them anew from one file, such as one that `agentrefine personas select` has written." },
  );
}

/** Refuses two runs that have the same shard. */
function refuseTwice(one: RunFolder, other: RunFolder, part: number, of: number): never {
  throw new AgentRefineError(
    of === 1
      ? `${one.directory} and ${other.directory} are both whole runs, so there is nothing to merge`
      : `${one.directory} and ${other.directory} both have shard ${part}/${of}`,
    { fix: "Give each shard once." },
  );
}

/** Which run has which shard. Throws AgentRefineError when two have the same. */
function ownersOf(runs: readonly RunFolder[]): Pick<Agreement, "owners" | "shard"> {
  const of = (runs[0] && shardOfRun(runs[0]))?.of ?? 1;
  const owners: (number | undefined)[] = Array.from({ length: of }, () => undefined);
  for (const [place, run] of runs.entries()) {
    const shard = shardOfRun(run) ?? WHOLE;
    if (shard.of !== of && runs[0] !== undefined) {
      throw new AgentRefineError(`${nameOf(runs[0])} and ${nameOf(run)}: they overlap`, {
        fix: "Merge shards of one division only.",
      });
    }
    for (const part of shard.parts) {
      const before = runs[owners[part] ?? -1];
      if (before !== undefined) refuseTwice(before, run, part, of);
      owners[part] = place;
    }
  }
  const there = owners.flatMap((owner, part) => (owner === undefined ? [] : [part]));
  return { owners, shard: { of, parts: new Set(there) } };
}

/** The run that a merge is described by: whichever began first, so that the order in which they are given does not matter. */
function firstBegun(runs: readonly RunFolder[]): RunFolder | undefined {
  const rank = (run: RunFolder): string =>
    `${run.description.createdAt} ${String(Math.min(...(shardOfRun(run) ?? WHOLE).parts)).padStart(7, "0")}`;
  return [...runs].sort((one, other) => (rank(one) < rank(other) ? -1 : 1))[0];
}

/** What runs have in common that are to be merged. Throws AgentRefineError when they are no parts of one whole. */
export function agreementOf(runs: readonly RunFolder[]): Agreement {
  const first = firstBegun(runs);
  if (first === undefined) throw new AgentRefineError("there is no run to merge");
  const notes = runs.flatMap((run) => requireSame(first, run));
  const { owners, shard } = ownersOf(runs);
  for (const run of runs) requireSameList(first, run);
  const { createdAt, agentrefine, prices } = first.description;
  return {
    description: { createdAt, agentrefine, settings: withoutShard(first), prices },
    owners,
    shard,
    wholeList: first.description.wholeList,
    notes,
  };
}

/** The shards of a division that are not there. */
export function missingShards({ shard: { of, parts } }: Agreement): Shard | undefined {
  const missing = Array.from({ length: of }, (_shard, part) => part).filter((part) => !parts.has(part));
  return missing.length === 0 ? undefined : { of, parts: new Set(missing) };
}

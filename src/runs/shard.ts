import * as z from "zod";
import type { Env } from "../env.ts";
import { AgentRefineError } from "../errors.ts";

/** Which of the places of a whole list a run has: those whose rest, divided by `of`, is one of `parts`. */
export interface Shard {
  /** Into how many shards the list is divided. */
  readonly of: number;
  /** From 0 to `of` - 1; several in a run that was merged of some shards only. */
  readonly parts: ReadonlySet<number>;
}

/** More shards than any scheduler starts; the parts of a merge are held in a table of this size. */
const MOST_SHARDS = 1_000_000;

const FIX = "Give --shard I/N with I from 0 to N - 1, such as 0/8, or auto/N in a job of an array.";

function refuse(text: string, problem: string): AgentRefineError {
  return new AgentRefineError(`the shard "${text}" ${problem}`, { fix: FIX });
}

/** The number of shards that a text such as `3/8` names behind its slash. */
function divisionOf(text: string): { readonly part: string; readonly of: number } {
  const [, part, digits] = /^([^/]+)\/(\d{1,9})$/.exec(text.trim()) ?? [];
  if (part === undefined || digits === undefined) throw refuse(text, "is not of the form I/N");
  const of = Number(digits);
  if (of === 0) throw refuse(text, "divides the personas into none");
  if (of > MOST_SHARDS) throw refuse(text, `is one of more than ${MOST_SHARDS}`);
  return { part, of };
}

function rangeOf(text: string, range: string, of: number): readonly [number, number] {
  const [, first, last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(range) ?? [];
  if (first === undefined) throw refuse(text, "is not of the form I/N");
  const [from, to] = [Number(first), Number(last)];
  if (to >= of) throw refuse(text, `is out of range: the ${of} shards are 0 to ${of - 1}`);
  if (to < from) throw refuse(text, "is not of the form I/N");
  return [from, to];
}

/** Reads `3/8`, or `0-3,6/8` of a merged run. Throws AgentRefineError. */
export function readShard(text: string): Shard {
  const { part, of } = divisionOf(text);
  const parts = new Set<number>();
  for (const range of part.split(",")) {
    const [from, to] = rangeOf(text, range, of);
    for (let each = from; each <= to; each += 1) parts.add(each);
  }
  return { of, parts };
}

/** A shard as `run.json` has it: what {@link readShard} reads, its parts in order. */
export function shardText({ of, parts }: Shard): string {
  const ranges: [number, number][] = [];
  for (const part of [...parts].sort((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last?.[1] === part - 1) last[1] = part;
    else ranges.push([part, part]);
  }
  return `${ranges.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(",")}/${of}`;
}

const sharded = z.object({ personas: z.object({ shard: z.string().optional() }) });

/** The shard in the settings of a run, as text; undefined for a whole run. */
export function shardOfSettings(settings: unknown): string | undefined {
  return sharded.safeParse(settings).data?.personas.shard;
}

/** Whether a place of the whole list is a shard's; all are a whole run's. */
export function isInShard(shard: Shard | undefined, index: number): boolean {
  return shard === undefined || shard.parts.has(index % shard.of);
}

function wholeNumber(env: Env, name: string): number | undefined {
  const value = env[name];
  if (value === undefined || value === "") return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new AgentRefineError(`${name} is "${value}", which is no number of a task`, {
    fix: "Name the shard: --shard I/N.",
  });
}

/** The task of a Slurm array, counted from 0; undefined outside of one. */
function slurmTask(env: Env, of: number): number | undefined {
  const id = wholeNumber(env, "SLURM_ARRAY_TASK_ID");
  if (id === undefined) return undefined;
  const first = wholeNumber(env, "SLURM_ARRAY_TASK_MIN") ?? 0;
  const last = wholeNumber(env, "SLURM_ARRAY_TASK_MAX") ?? first + of - 1;
  const count = wholeNumber(env, "SLURM_ARRAY_TASK_COUNT") ?? of;
  if (count === of && last - first + 1 === count) return id - first;
  throw new AgentRefineError(
    `the array has ${count} tasks from ${first} to ${last}, so its tasks are not the ${of} shards of auto/${of}`,
    { fix: `Submit tasks 0-${of - 1}, or name the shard: --shard "$SLURM_ARRAY_TASK_ID/${of}".` },
  );
}

/**
 * The one shard that a user names: `3/8` as it is, `auto/8` by the task of a Slurm array or the index of a Kubernetes
 * Job. Throws AgentRefineError when it names none, or the variables contradict.
 */
export function chosenShard(text: string, env: Env): string {
  const { part, of } = divisionOf(text);
  if (part !== "auto") {
    const shard = readShard(text);
    if (shard.parts.size > 1) throw refuse(text, "is more than one");
    return shardText(shard);
  }
  const tasks = [slurmTask(env, of), wholeNumber(env, "JOB_COMPLETION_INDEX")];
  const [task, other] = tasks.filter((each) => each !== undefined);
  if (task === undefined) {
    throw new AgentRefineError(
      `there is no shard for auto/${of}: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set`,
      { fix: FIX },
    );
  }
  if (other !== undefined && other !== task) {
    throw new AgentRefineError(
      `SLURM_ARRAY_TASK_ID is for shard ${task} and JOB_COMPLETION_INDEX for shard ${other}`,
      { fix: "Name the shard: --shard I/N." },
    );
  }
  return shardText(readShard(`${task}/${of}`));
}

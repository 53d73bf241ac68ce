import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { systemErrorCode } from "../errors.ts";

/** Who holds a lock: the content of a lock file. */
export interface LockOwner {
  /** Drawn anew for each lock that is taken. */
  readonly token: string;
  readonly process: number;
  readonly host: string;
  /**
   * When the process started, as Linux counts it: the boot's id and clock ticks since the boot. With it, a
   * process that only got the same number later is told apart. Null where there is no /proc.
   */
  readonly started: string | null;
  /** When the lock was taken, in ISO 8601. */
  readonly since: string;
}

interface ProcessStatus {
  readonly started: string;
  /** Killed, but not yet forgotten by its parent. */
  readonly dead: boolean;
}

async function processStatus(id: number): Promise<ProcessStatus | undefined> {
  try {
    const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
    const line = await readFile(`/proc/${id}/stat`, "utf8");
    // The second field is the program's name in brackets and may hold anything; the third is the state and
    // the twenty-second the start (proc_pid_stat(5)).
    const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
    return { started: `${boot} ${fields[19]}`, dead: fields[0] === "Z" || fields[0] === "X" };
  } catch {
    return undefined;
  }
}

/** A process of this host, this one unless another is named, as the owner of a lock that is taken now. */
export async function ownerNow(token: string, id: number = process.pid): Promise<LockOwner> {
  const status = await processStatus(id);
  return {
    token,
    process: id,
    host: hostname(),
    started: status?.started ?? null,
    since: new Date().toISOString(),
  };
}

/** Reads a lock file's text. Undefined when it is not the text of a lock. */
export function parseLockOwner(text: string): LockOwner | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const read = new Map<string, unknown>(Object.entries(value));
  const [token, id, host] = [read.get("token"), read.get("process"), read.get("host")];
  const [started, since] = [read.get("started"), read.get("since")];
  // The token becomes part of a file's name.
  if (typeof token !== "string" || !/^[0-9a-f]{32}$/.test(token)) return undefined;
  if (typeof id !== "number" || !Number.isSafeInteger(id) || id <= 0) return undefined;
  if (typeof host !== "string" || typeof since !== "string") return undefined;
  if (typeof started !== "string" && started !== null) return undefined;
  return { token, process: id, host, started, since };
}

/**
 * Whether the owner still runs: `elsewhere` when it is on another host, where it cannot be asked. Containers
 * that share a folder need host names of their own.
 */
export async function ownerState(owner: LockOwner): Promise<"alive" | "gone" | "elsewhere"> {
  if (owner.host !== hostname()) return "elsewhere";
  try {
    process.kill(owner.process, 0);
  } catch (error) {
    // Any other refusal (EPERM) means that the process exists and belongs to somebody else.
    if (systemErrorCode(error) === "ESRCH") return "gone";
  }
  const status = await processStatus(owner.process);
  if (status === undefined || owner.started === null) return "alive";
  return status.dead || status.started !== owner.started ? "gone" : "alive";
}

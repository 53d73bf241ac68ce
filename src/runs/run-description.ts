import { AgentRefineError } from "../errors.ts";

/** The version of the run folder's layout that this program writes and reads. */
export const RUN_FORMAT = 1;

/** The content of `run.json`: what a run was started with. It is written once and never changed. */
export interface RunDescription {
  readonly format: typeof RUN_FORMAT;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The version of agentrefine that started the run. */
  readonly agentrefine: string;
  /** The settings as they were given, the seed among them. Whoever opens a run checks them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The prices that costs are counted with, or null. */
  readonly prices: unknown;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function damaged(path: string, problem: string): AgentRefineError {
  return new AgentRefineError(`${path} ${problem}`, {
    fix: "Restore it from a copy, or start a new run in another folder.",
  });
}

/** Reads the text of a `run.json`. An AgentRefineError when it is damaged or of another format. */
export function parseRunDescription(text: string, path: string): RunDescription {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(path, "is not valid JSON");
  }
  if (!isRecord(value) || typeof value.format !== "number") throw damaged(path, "does not describe a run");
  if (value.format !== RUN_FORMAT) {
    throw new AgentRefineError(
      `${path} has format ${value.format}, and this version reads format ${RUN_FORMAT}`,
      {
        fix: "Use the version of agentrefine that started the run.",
      },
    );
  }
  const { createdAt, agentrefine, settings } = value;
  if (typeof createdAt !== "string") throw damaged(path, 'has no "createdAt"');
  if (typeof agentrefine !== "string") throw damaged(path, 'has no "agentrefine"');
  if (!isRecord(settings)) throw damaged(path, 'has no "settings"');
  return { format: RUN_FORMAT, createdAt, agentrefine, settings, prices: value.prices ?? null };
}

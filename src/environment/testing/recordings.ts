import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { SHARED } from "../../testing/shared.ts";
import type { DataFile } from "../agentboard-files.ts";

const RECORDINGS = `${SHARED}/parity`;
const LABELS = `${SHARED}/agentboard/babyai.jsonl`;

/** Whether the recordings of the original worlds are beside the project. */
export const hasRecordings: boolean = existsSync(RECORDINGS);
/** Whether AgentBoard's labels are beside the project. */
export const hasLabels: boolean = existsSync(LABELS);

/** The text of a recording. */
export function recording(file: string): string {
  return gunzipSync(readFileSync(`${RECORDINGS}/${file}`)).toString("utf8");
}

/** AgentBoard's labels as they are. */
export function labelFile(): DataFile {
  return { path: LABELS, text: readFileSync(LABELS, "utf8") };
}

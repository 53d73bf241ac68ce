import { access, constants, statfs } from "node:fs/promises";
import { systemErrorCode } from "../../errors.ts";
import { oldestNode } from "../../runs/program-version.ts";
import { comesBefore } from "../../training/engine.ts";
import { doctorWords } from "../doctor-words.ts";
import type { Check } from "./check.ts";

/** Whether a version of Node is new enough. */
export async function checkNode(version: string): Promise<Check> {
  const oldest = await oldestNode();
  const { name, neededBy } = doctorWords.node;
  if (!comesBefore(version, oldest)) return { name, state: "ready", found: version, neededBy };
  const { tooOld, fix } = doctorWords.node;
  return { name, state: "broken", found: tooOld(version, oldest), fix: fix(oldest), neededBy };
}

/** Whether runs can be written in a folder, and how much room there is. */
export async function checkFolder(directory: string): Promise<Check> {
  const { name, neededBy, free, cannotWrite, fix } = doctorWords.folder;
  try {
    await access(directory, constants.W_OK);
    const { bavail, bsize } = await statfs(directory);
    return { name, state: "ready", found: free(bavail * bsize), neededBy };
  } catch (error) {
    const found = cannotWrite(systemErrorCode(error) ?? String(error));
    return { name, state: "broken", found, fix, neededBy };
  }
}

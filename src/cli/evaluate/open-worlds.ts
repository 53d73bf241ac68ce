import { stat } from "node:fs/promises";
import type { Suite } from "../../environment/environment.ts";
import { AgentRefineError } from "../../errors.ts";
import { evaluateWords } from "../evaluation-words.ts";
import { loadSuites, type WorldSettings } from "./load-suites.ts";

async function checkFolder(directory: string | undefined): Promise<void> {
  if (directory === undefined) return;
  const isFolder = await stat(directory).then(
    (status) => status.isDirectory(),
    () => false,
  );
  if (isFolder) return;
  throw new AgentRefineError(evaluateWords.noFolder(directory), { fix: evaluateWords.noFolderFix });
}

/** Loads suites that have tasks, from folders that exist. Throws AgentRefineError. */
export async function openWorlds(settings: WorldSettings): Promise<readonly Suite[]> {
  await checkFolder(settings.agentboard);
  const suites = await loadSuites(settings);
  const empty = suites.find(({ tasks }) => tasks.length === 0);
  if (empty === undefined) return suites;
  throw new AgentRefineError(evaluateWords.noTasks(empty.name), { fix: evaluateWords.noTasksFix });
}

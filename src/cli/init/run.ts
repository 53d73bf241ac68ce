import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { InitFlags } from "../../config/flags.ts";
import { AgentRefineError, storageError, systemErrorCode } from "../../errors.ts";
import { readPersonas } from "../../persona/read-personas.ts";
import { SHIPPED_FILE } from "../generate/personas-of-run.ts";
import type { CliContext } from "../terminal/host.ts";
import { showPath } from "../terminal/show-path.ts";
import { initWords } from "../words.ts";
import { CONFIG_TEMPLATE } from "./config-template.ts";

const PERSONAS = 12;

async function somePersonas(): Promise<string> {
  const lines: string[] = [];
  for await (const line of readPersonas(SHIPPED_FILE)) {
    if ("persona" in line) lines.push(`${JSON.stringify({ persona: line.persona.text })}\n`);
    if (lines.length === PERSONAS) break;
  }
  return lines.join("");
}

/** Writes a file unless there is one of that name; false when there is. */
async function writeNew(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") return false;
    throw storageError(error, "write", path);
  }
}

async function createFolder(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (error) {
    if (systemErrorCode(error) !== "EEXIST") throw storageError(error, "create", directory);
    throw new AgentRefineError(initWords.notAFolder(directory), { fix: initWords.notAFolderFix });
  }
}

/** `agentrefine init`: a config file and some personas to begin with; nothing is overwritten. */
export async function runInit(this: CliContext, flags: InitFlags, given = "."): Promise<void> {
  const { host } = this;
  const directory = resolve(host.directory, given);
  await createFolder(directory);
  const files = [
    { name: "agentrefine.config.ts", content: CONFIG_TEMPLATE },
    {
      name: ".env.example",
      content: "# Copy to .env and fill in what you use.\nOPENAI_API_KEY=\nANTHROPIC_API_KEY=\n",
    },
    { name: ".gitignore", content: ".env\nruns/\nevals/\nnode_modules/\n" },
    { name: "personas.jsonl", content: await somePersonas() },
  ];
  const written: string[] = [];
  const kept: string[] = [];
  for (const { name, content } of files) {
    const path = join(directory, name);
    const isNew = await writeNew(path, content);
    (isNew ? written : kept).push(path);
    const shown = showPath(path, host.directory);
    host.stderr.write(`${isNew ? initWords.written(shown) : initWords.kept(shown)}\n`);
  }
  const next = directory === host.directory ? "" : `cd ${showPath(directory, host.directory)} && `;
  host.stderr.write(`${initWords.next(`${next}agentrefine generate`)}\n`);
  if (flags.json === true) host.stdout.write(`${JSON.stringify({ directory, written, kept })}\n`);
}

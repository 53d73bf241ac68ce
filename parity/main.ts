// Replays recordings of the original worlds and prints how many recorded steps come out equal.
import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { agentboardFiles, NO_AGENTBOARD_FILES } from "../src/environment/agentboard-files.ts";
import { AgentRefineError } from "../src/errors.ts";
import { replayFolder } from "./replay-folder.ts";

const USAGE = `usage: npm run parity -- DIR [--agentboard DIR]
DIR holds recordings, such as DIR/babyai/grids.jsonl.gz; --agentboard, AgentBoard's labels and problems.`;

/** Where lines go: what was found, and what is wrong. */
interface Output {
  print(line: string): void;
  complain(line: string): void;
}

function needFolder(folder: string): string {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new AgentRefineError(`there is no folder ${folder}`);
}

function readCommand(commandLine: readonly string[]): { folder: string; agentboard: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      args: [...commandLine],
      allowPositionals: true,
      options: { agentboard: { type: "string" } },
    });
    const [folder, ...further] = positionals;
    if (folder !== undefined && further.length === 0) return { folder, agentboard: values.agentboard };
  } catch (error) {
    const [problem = ""] = error instanceof Error ? error.message.split(". ") : [];
    throw new AgentRefineError(`${problem}\n${USAGE}`, { cause: error });
  }
  throw new AgentRefineError(USAGE);
}

/**
 * Runs the command. Exit codes: 0 all that was compared is equal; 1 something differs, is missing or is damaged, or
 * nothing was compared; 2 wrong usage, or a manifest or labels that cannot be used.
 */
export async function main(commandLine: readonly string[], { print, complain }: Output): Promise<0 | 1 | 2> {
  try {
    const { folder, agentboard } = readCommand(commandLine);
    const files = agentboard === undefined ? NO_AGENTBOARD_FILES : agentboardFiles(needFolder(agentboard));
    const { compared, isEqual } = await replayFolder(needFolder(folder), files, print);
    if (compared === 0) {
      complain(
        `nothing was compared: ${folder} holds no recording that can be replayed, such as babyai/grids.jsonl.gz`,
      );
    }
    return isEqual ? 0 : 1;
  } catch (error) {
    if (!(error instanceof AgentRefineError)) throw error;
    complain([error.message, error.fix].filter((text) => text !== undefined).join(". "));
    return 2;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const line = (stream: NodeJS.WriteStream) => (text: string) => stream.write(`${text}\n`);
  process.exitCode = await main(process.argv.slice(2), {
    print: line(process.stdout),
    complain: line(process.stderr),
  });
}

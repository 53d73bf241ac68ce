// Replays recordings of the original worlds and prints how many recorded steps come out equal.
// Usage: node scripts/parity.mjs DIR [--agentboard DIR]      (after npm run build)
// Exit codes: 0 all that was compared is equal; 1 something differs, is missing or is damaged, or nothing was
// compared; 2 wrong usage, or a manifest or labels that cannot be used.
import { statSync } from "node:fs";
import { parseArgs } from "node:util";

const USAGE = `usage: npm run parity -- DIR [--agentboard DIR]
DIR holds recordings, such as DIR/babyai/grids.jsonl.gz; --agentboard, AgentBoard's labels and problems.`;

/** Prints something that the user can put right, and ends. */
function refuse(problem) {
  console.error(problem);
  process.exit(2);
}

function readCommand() {
  try {
    return parseArgs({ allowPositionals: true, options: { agentboard: { type: "string" } } });
  } catch (error) {
    return refuse(`${error.message.split(". ")[0]}\n${USAGE}`);
  }
}

function checkFolder(folder) {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) refuse(`there is no folder ${folder}`);
}

const { values, positionals } = readCommand();
const [folder, ...further] = positionals;
if (folder === undefined || further.length > 0) refuse(USAGE);
checkFolder(folder);
if (values.agentboard !== undefined) checkFolder(values.agentboard);

const { agentboardFiles, NO_AGENTBOARD_FILES } = await import("../dist/environment/agentboard-files.js");
const { replayFolder } = await import("../dist/environment/parity/replay-folder.js");

function replay() {
  const files = values.agentboard === undefined ? NO_AGENTBOARD_FILES : agentboardFiles(values.agentboard);
  try {
    return replayFolder(folder, files, (line) => console.log(line));
  } catch (error) {
    if (error?.name !== "AgentRefineError") throw error;
    return refuse([error.message, error.fix].filter(Boolean).join(". "));
  }
}

const { compared, isEqual } = replay();
if (compared === 0) {
  console.error(
    `nothing was compared: ${folder} holds no recording that can be replayed, such as babyai/grids.jsonl.gz`,
  );
}
process.exit(isEqual ? 0 : 1);

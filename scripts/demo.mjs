// `npm run demo`: data from the shipped personas without a key, in under a minute. Running it again resumes
// what is there.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const run = "runs/demo";
const exported = "runs/demo-axolotl.jsonl";

function agentrefine(...commandLine) {
  console.error(`\n$ agentrefine ${commandLine.join(" ")}`);
  const { status } = spawnSync(process.execPath, [program, ...commandLine], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

agentrefine("generate", "--model", "offline", "--out", run);
agentrefine("export", run, "--engine", "axolotl", "--out", exported, "--force");
console.error(`
The rows to train on are in ${exported}; error turns have "train": false.
Look at it:           node dist/cli/main.js view ${run}
Use a model of yours: node dist/cli/main.js generate --help`);

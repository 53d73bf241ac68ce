// Runs every command that README.md and docs/ show: `node scripts/documents.mjs [--list]`, after a build.
// A loopback server stands in for the reader's own; what it cannot stand in for is left out below, with the reason.
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serveAuthor } from "./author-server.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const TOKENIZER = join(root, "../shared/tokenizers/mini-llama3");

/** Commands that are not run, by a piece of them, and why. */
const LEFT_OUT = [
  [/^(npm|npx|node|pip|hf|bash|sbatch|export|eval|source) ?/, "not this program's"],
  [/^agentrefine (help )?COMMAND/, "a pattern"],
  [/\| /, "for a shell"],
  [
    /^agentrefine generate (?!.*offline).* --batch|runs\/batch/,
    "needs a batch service, or somebody who runs the command that is printed",
  ],
  [/^agentrefine data get/, "fetches from others"],
  [/^agentrefine annotate (?!.*--table)/, "asks a person or a model"],
  [/--only /, "needs what somebody has said of the run"],
  [/--suite (?:sciworld|jericho|hotpotqa|mt-bench)|--rejudge/, "needs what was fetched from others"],
];

/** What a command is given beside what is shown, so that it ends in seconds and stays on this machine. */
function adapted(words, url) {
  const command = words[0];
  const shown = words.map((word) => word.replace("http://localhost:8000/v1", url));
  const has = (flag) => shown.some((word) => word === flag || word.startsWith(`${flag}=`));
  const add = (...more) => shown.push(...more);
  const talks = (has("--model") || has("--writer")) && !shown.includes("offline");
  if (
    (command === "generate" || command === "evaluate" || command === "doctor") &&
    talks &&
    !has("--base-url")
  ) {
    add("--base-url", url, "--provider", "openai");
  }
  if (command === "generate" && !has("--limit") && !has("--sample")) add("--limit", "4");
  if (command === "evaluate" && talks && !has("--limit")) add("--limit", "2", "--max-turns", "3");
  if (command === "train" && !has("--dry-run")) add("--dry-run");
  if (["export", "mix", "train", "report"].includes(command) && !has("--force")) add("--force");
  if (command === "view" && has("--out") && !has("--force")) add("--force");
  return shown;
}

/** The commands that a document shows, one of several lines joined. */
function commandsOf(text) {
  const lines = text.replace(/\\\n\s*/g, " ").split("\n");
  return lines
    .map((line) => /^(?: {4}|\t)?(?:\$ )?(agentrefine .+)$/.exec(line)?.[1])
    .filter((line) => line !== undefined && !/^agentrefine \S+ (?:is|are|was|goes|writes)\b/.test(line))
    .map((line) => ({
      line: line.replace(/\s+#.*$/, "").trim(),
      // It resumes what a command before it in the document has begun.
      grows: /#.*\bgrows\b/.test(line),
    }));
}

function wordsOf(line) {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)]
    .map(([, one, two, bare]) => one ?? two ?? bare)
    .slice(1);
}

const scratch = mkdtempSync(join(tmpdir(), "agentrefine-documents-"));
const env = { ...process.env, OPENAI_API_KEY: "none", ANTHROPIC_API_KEY: "none", NO_COLOR: "1" };
/** Where the present document's commands run: each document has a folder of its own. */
let folder = scratch;

/** Runs the program; a server is ended once it says where it listens. */
function agentrefine(words, input = "") {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(root, "dist/cli/main.js"), ...words], { cwd: folder, env });
    let said = "";
    const hear = (piece) => {
      said += piece;
      if (["serve", "view"].includes(words[0]) && said.includes("http://")) child.kill("SIGTERM");
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.stdin.on("error", () => undefined).end(input);
    child.on("exit", (code) => done({ code, said }));
  });
}

/** What every document takes for granted: a file of personas, data of others, a model's folder. */
function prepareFolder() {
  const personas = readFileSync(join(root, "data/personas.jsonl"), "utf8").split("\n").slice(0, 40);
  writeFileSync(join(folder, "personas.jsonl"), `${personas.join("\n")}\n`);
  const chat = {
    conversations: [
      { from: "human", value: "Hello" },
      { from: "gpt", value: "Good day." },
    ],
  };
  writeFileSync(join(folder, "sharegpt.json"), JSON.stringify(Array.from({ length: 9 }, () => chat)));
  const react = { from: "gpt", value: "Thought: I go.\nAction: go north", loss: true };
  const flan = { id: "os_1", conversations: [{ from: "human", value: "Task", loss: false }, react] };
  writeFileSync(join(folder, "agent-flan.jsonl"), `${JSON.stringify(flan)}\n`);
  for (const name of ["trajectories.jsonl", "agentgym.jsonl", "other.jsonl"])
    cpSync(join(scratch, "trajectories.jsonl"), join(folder, name));
  if (!existsSync(TOKENIZER)) return;
  for (const name of ["models/llama-3-8b", "tiny"]) {
    mkdirSync(join(folder, name), { recursive: true });
    cpSync(TOKENIZER, join(folder, name), { recursive: true });
    const configuration = { architectures: ["LlamaForCausalLM"], model_type: "llama", vocab_size: 2100 };
    writeFileSync(join(folder, name, "config.json"), JSON.stringify(configuration));
  }
}

/** A run and an evaluation, to stand for those that a document reads and does not make. */
async function prepareScratch() {
  await agentrefine(["generate", "--model", "offline", "--limit", "12", "--out", "run", "--quiet"]);
  await agentrefine(["export", "run", "--format", "trajectories", "--out", "trajectories.jsonl"]);
  for (const name of ["expert", "random"]) {
    await agentrefine(["evaluate", "--suite", "pddl", "--agent", name, "--out", name, "--quiet"]);
  }
}

/** The folder that a command makes anew: merge names it first. */
function writtenBy(words, begins) {
  if (words[0] === "merge") return words[1];
  return begins ? words[words.indexOf("--out") + 1] : undefined;
}

/** Puts a run or an evaluation where a command reads one that is not there, and clears the way for a new one. */
function supply(words) {
  const begins = ["generate", "evaluate"].includes(words[0]);
  const written = writtenBy(words, begins);
  if (written !== undefined) rmSync(join(folder, written), { recursive: true, force: true });
  for (const word of begins ? [] : words.filter((each) => each !== written)) {
    if (!/^(runs|evals)\/[\w.-]+$/.test(word) || existsSync(join(folder, word))) continue;
    const source = word.startsWith("runs/") ? "run" : word.endsWith("expert") ? "expert" : "random";
    cpSync(join(scratch, source), join(folder, word), { recursive: true });
  }
}

/** The documents show ids of runs of their own; here it is the id of a persona that was accepted. */
function withIdsOfHere(words) {
  if (words[0] !== "show") return words;
  const records = readFileSync(join(scratch, "run/syntheses.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const accepted = records.find(({ outcome }) => outcome === "accepted");
  return words.map((word) => (/^[0-9a-f]{4,16}$/.test(word) ? accepted.id : word));
}

const documents = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const found = documents.flatMap((document) =>
  commandsOf(readFileSync(join(root, document), "utf8")).map((command) => ({ document, ...command })),
);
if (process.argv.includes("--list")) {
  for (const { document, line } of found) console.log(`${document}: ${line}`);
  process.exit(0);
}

const { url, close } = await serveAuthor(root, {
  seed: "documents",
  usage: { prompt_tokens: 1000, completion_tokens: 300, total_tokens: 1300 },
  // What an agent is asked.
  otherwise: "Thought: I look at what can be done.\nAction: check valid actions",
});
const counts = { passed: 0, failed: 0, skipped: 0 };

async function run({ document, line, grows }) {
  const noTokenizer =
    /llama-3-8b|tiny/.test(line) && !existsSync(TOKENIZER) ? "no tokenizer here" : undefined;
  const reason = LEFT_OUT.find(([pattern]) => pattern.test(line))?.[1] ?? noTokenizer;
  if (reason !== undefined) {
    counts.skipped += 1;
    console.log(`skipped  ${document}: ${line}  (${reason})`);
    return;
  }
  const [shown = "", source] = line.split(" < ");
  const words = withIdsOfHere(adapted(wordsOf(shown), url));
  if (!grows) supply(words);
  const input = source === undefined ? "" : readFileSync(join(folder, source), "utf8");
  const { code, said } = await agentrefine(words, input);
  const fine = code === 0 || (["serve", "view"].includes(words[0]) && said.includes("Stopped."));
  counts[fine ? "passed" : "failed"] += 1;
  console.log(`${fine ? "ran     " : "FAILED  "} ${document}: ${line}`);
  if (!fine)
    console.log(`  with exit code ${code}: agentrefine ${words.join(" ")}\n${said.replace(/^/gm, "  | ")}`);
}

try {
  await prepareScratch();
  for (const document of documents) {
    folder = mkdtempSync(join(scratch, "document-"));
    prepareFolder();
    for (const command of found.filter((each) => each.document === document)) await run(command);
  }
} finally {
  close();
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`documents: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 ? 0 : 1);

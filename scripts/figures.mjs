// How large and how winding the house is: `node scripts/figures.mjs [CHECKOUT] [--install] [--tests]`.
// Reads a built checkout (this one when none is named), so that two commits can be held beside each other.
// `--install` also installs what production needs into a temporary folder; `--tests` also times the tests.
import { spawn, spawnSync } from "node:child_process";
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
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { serveAuthor } from "./author-server.mjs";

const flags = process.argv.slice(2).filter((word) => word.startsWith("--"));
const [named] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const checkout = resolve(named ?? fileURLToPath(new URL("..", import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), "agentrefine-figures-"));

function say(what, figure) {
  console.log(`${what.padEnd(64)} ${figure}`);
}

/** The source files, tests and their fixtures left out: path below src -> text. */
function sources() {
  const folder = join(checkout, "src");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const kept = names.filter(
    (name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) && !/(^|\/)testing\//.test(name),
  );
  return new Map(kept.sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

function linesOf(text) {
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

function sizes(files) {
  const all = [...files].map(([name, text]) => ({ name, lines: linesOf(text) }));
  const sum = (list) => list.reduce((total, { lines }) => total + lines, 0);
  const cli = all.filter(({ name }) => name.startsWith("cli/"));
  const small = all.filter(({ lines }) => lines <= 30);
  say("TypeScript lines in src; files", `${sum(all)}; ${all.length}`);
  say("cli/: lines; files", `${sum(cli)}; ${cli.length}`);
  say("files of 30 lines or fewer", `${((100 * small.length) / all.length).toFixed(1)} % (${small.length})`);
  const longest = all.toSorted((a, b) => b.lines - a.lines)[0];
  say("longest file", `${longest.lines} (${longest.name})`);
}

function withoutComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
}

/** What stands in each file that must be opened to add one more of a kind, shown by one that is there. */
const PROBES = [
  ["a flag of generate (maxCalls)", /\bmaxCalls\b|max-calls/],
  ["a sampling parameter (topP)", /\btopP\b|\btop_p\b|top-p\b/],
  ["a provider (anthropic)", /["']anthropic["']|\banthropic:|\/anthropic(?:-wire)?\.ts["']|ANTHROPIC/],
  // One whose name is no English word: "together" also stands in sentences and names of variables.
  ["an export format (prompt-completion)", /["']prompt-completion["']|\/prompt-completion\.ts["']/],
  ["a fault of Algorithm 1 (too-few-errors)", /["']too-few-errors["']/],
];

function filesToOpen(files) {
  for (const [what, pattern] of PROBES) {
    const found = [...files]
      .filter(([name, text]) => {
        const own =
          /anthropic|prompt-completion/.test(basename(name)) &&
          what.includes(/anthropic|prompt-completion/.exec(basename(name))[0]);
        return name !== "index.ts" && (own || pattern.test(withoutComments(text)));
      })
      .map(([name]) => name);
    say(`files that name ${what}`, `${found.length}  ${found.join(" ")}`);
  }
}

/** Keys of tables of sentences (files named for words) that one place uses. */
function wordKeys(files) {
  const everything = [...files.values()].map(withoutComments).join("\n");
  let once = 0;
  let tables = 0;
  for (const [name, text] of files) {
    if (!/(?:words|-help)\.ts$/.test(name) || !/export const \w+(?:: [^=]+)? = \{/.test(text)) continue;
    tables += 1;
    for (const [, key] of withoutComments(text).matchAll(/^ {2,4}(\w+)(?::|\()/gm)) {
      const uses = everything.match(new RegExp(`\\.${key}\\b`, "g"))?.length ?? 0;
      if (uses === 1) once += 1;
    }
  }
  say("tables of sentences; keys of them that one place uses", `${tables}; ${once}`);
}

function agentrefine(coverage, commandLine) {
  const env = { ...process.env, ...(coverage === undefined ? {} : { NODE_V8_COVERAGE: coverage }) };
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(checkout, "dist/cli/main.js"), ...commandLine], {
      cwd: scratch,
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let words = "";
    child.stderr.on("data", (piece) => {
      words += piece;
    });
    child.on("exit", (code) => (code === 0 ? done() : fail(new Error(`${commandLine[0]}: ${words}`))));
  });
}

/** Files of which a named function ran, and files that were loaded. */
function covered(coverage) {
  const dist = pathToFileURL(join(checkout, "dist")).href;
  const ran = new Set();
  const loaded = new Set();
  for (const name of readdirSync(coverage)) {
    for (const { url, functions } of JSON.parse(readFileSync(join(coverage, name), "utf8")).result) {
      if (!url.startsWith(dist)) continue;
      loaded.add(url);
      const runs = functions.some(({ functionName, ranges }) => functionName !== "" && ranges[0].count > 0);
      if (runs) ran.add(url);
    }
  }
  return { ran: ran.size, loaded: loaded.size };
}

async function trips() {
  const author = await serveAuthor(checkout, {
    seed: "figures",
    usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 },
  });
  try {
    const common = ["--model", "m", "--base-url", author.url, "--limit", "1", "--quiet"];
    const generated = join(scratch, "coverage-generate");
    await agentrefine(generated, ["generate", ...common, "--out", "run"]);
    const exported = join(scratch, "coverage-export");
    await agentrefine(exported, ["export", "run", "--format", "conversations", "--out", "rows.jsonl"]);
    for (const [what, folder] of [
      ["one persona through `generate` over HTTP", generated],
      ["its row through `export`", exported],
    ]) {
      const { ran, loaded } = covered(folder);
      say(`files that run for ${what}`, `${ran} (${loaded} loaded)`);
    }
  } finally {
    author.close();
  }
}

function install() {
  const folder = join(scratch, "install");
  mkdirSync(folder);
  for (const name of ["package.json", "package-lock.json", ".npmrc"]) {
    if (existsSync(join(checkout, name))) cpSync(join(checkout, name), join(folder, name));
  }
  const how = { cwd: folder, encoding: "utf8" };
  spawnSync("npm", ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], how);
  const found = spawnSync("npm", ["ls", "--omit=dev", "--all", "--parseable"], how).stdout.trim().split("\n");
  const size = spawnSync("du", ["-sm", "node_modules"], how).stdout.split("\t")[0];
  say("production install: packages; MB", `${new Set(found).size - 1}; ${size}`);
}

function timed(what, words) {
  const began = performance.now();
  const { status } = spawnSync("npx", ["vitest", "run", "--silent", ...words], {
    cwd: checkout,
    stdio: "ignore",
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(what, `${seconds} s${status === 0 ? "" : ` (exit code ${status})`}`);
}

try {
  const files = sources();
  writeFileSync(join(scratch, "package.json"), "{}\n");
  console.log(checkout);
  sizes(files);
  filesToOpen(files);
  wordKeys(files);
  await trips();
  if (flags.includes("--install")) install();
  if (flags.includes("--tests")) {
    timed("the tests", []);
    timed("the tests of src/verifier", ["src/verifier"]);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

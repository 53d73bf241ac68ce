// Replays recordings of the original worlds and prints how many recorded steps come out equal.
// Usage: node scripts/parity.mjs DIR [--agentboard DIR]      (after npm run build)
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { agentboard: { type: "string" } },
});
const [folder] = positionals;
if (folder === undefined || !existsSync(folder)) {
  console.error("usage: npm run parity -- DIR [--agentboard DIR]   (DIR holds recordings, *.jsonl.gz)");
  process.exit(2);
}

const { createReplayers } = await import("../dist/environment/parity/replayers.js");
const { replayFile } = await import("../dist/environment/parity/replay.js");

const readAgentboardFile = (name) => {
  const path = values.agentboard === undefined ? undefined : join(values.agentboard, name);
  return path !== undefined && existsSync(path) ? readFileSync(path, "utf8") : undefined;
};

/** Prints one line about something that the user can put right, and ends. */
function fail(error) {
  console.error(
    error instanceof Error ? [error.message, error.fix].filter(Boolean).join(" ") : String(error),
  );
  process.exit(2);
}

function knownReplayers() {
  try {
    return createReplayers(readAgentboardFile);
  } catch (error) {
    return fail(error);
  }
}

function compare(file, replayRow) {
  try {
    return replayFile(gunzipSync(readFileSync(join(folder, file))).toString("utf8"), replayRow);
  } catch (error) {
    return fail(new Error(`${file} cannot be read: ${error instanceof Error ? error.message : error}`));
  }
}

const replayers = knownReplayers();
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".jsonl.gz"))
  .sort();
let unequal = files.length === 0;
for (const file of files) {
  const replayer = replayers.get(file.split(sep).join("/"));
  const name = file.padEnd(34);
  if (replayer?.code !== "ready") {
    console.log(`${name} not compared: ${replayer?.reason ?? "no such world here"}`);
    continue;
  }
  const report = compare(file, replayer.replayRow);
  const share = report.total === 0 ? 100 : (100 * report.equal) / report.total;
  unequal ||= report.equal < report.total || report.equalRows < report.rows;
  console.log(
    `${name} ${report.equal}/${report.total} ${replayer.unit} equal (${share.toFixed(2)} %), ` +
      `${report.equalRows}/${report.rows} rows`,
  );
  for (const difference of report.differences) console.log(`    ${difference}`);
}
if (files.length === 0) console.error(`no recordings (*.jsonl.gz) under ${folder}`);
process.exit(unequal ? 1 : 0);

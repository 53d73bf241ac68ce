// What the compiler does not make: Vega within dist/report/render-chart.js, so that users install none of its packages,
// with the licences of all that is in it beside it; and the pages' script as one file with their style sheet. It is put
// into dist/, or into the folder that is given, where Vega is not put: it is for this checkout, which has it installed.
// And a thread of a game as one file, in place.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const target = resolve(process.argv[2] ?? dist);

/** Bundles one file; gives the paths of all that went in. */
async function bundle({ entry, format, folder, file, external = () => false }) {
  const [{ output }] = [
    await build({
      configFile: false,
      logLevel: "warn",
      root,
      publicDir: false,
      // What a browser would take: nothing of it asks for a canvas.
      resolve: { mainFields: ["browser", "module", "main"] },
      build: {
        outDir: folder,
        write: false,
        target: "es2023",
        lib: { entry, formats: [format], name: "island", fileName: () => file },
        rolldownOptions: { external },
      },
    }),
  ].flat();
  const [chunk, ...more] = output;
  if (chunk?.type !== "chunk" || more.length > 0) throw new Error(`${entry} did not come to one file`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), chunk.code);
  return chunk.moduleIds;
}

/** Licences under which code may stand in one file with a notice beside it; another is looked at by a person first. */
const KNOWN = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"];

/** The licence of a package with its own text, which must go where its code goes. */
function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (!KNOWN.includes(license)) throw new Error(`${name} has a licence to look at first: ${license}`);
  const file = readdirSync(folder).find((each) => /^licen[cs]e(?:\.|$)/i.test(each));
  const text = file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), "utf8").trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

/** Writes the licences of all packages that modules come from. */
function writeLicences(moduleIds, path) {
  const folders = moduleIds.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
  const licences = [...new Set(folders)].sort().map(licenceOf);
  if (licences.length > 0) writeFileSync(path, licences.join(`\n${"-".repeat(78)}\n\n`));
}

const view = join(target, "view");
// The script of pages that are served, and the one of packed pages, which renders them.
const inPages = [];
for (const [entry, file] of [
  ["main", "island.js"],
  ["packed", "packed.js"],
]) {
  const path = join(root, `src/view/island/${entry}.ts`);
  inPages.push(...(await bundle({ entry: path, format: "iife", folder: view, file })));
}
writeLicences(inPages, join(view, "pages.licences.txt"));
copyFileSync(join(root, "src/view/style.css"), join(view, "style.css"));

// The thread of a game starts in two thirds of the CPU time when what it needs at once is one file.
const jericho = join(target, "environment/jericho");
await bundle({
  entry: join(jericho, "game-worker.js"),
  format: "es",
  folder: jericho,
  file: "game-worker.js",
  external: (id) => id.startsWith("node:") || id.endsWith("/valid-actions.js"),
});

if (target === dist) {
  const report = join(dist, "report");
  const entry = join(report, "render-chart.js");
  const inChart = await bundle({
    entry,
    format: "es",
    folder: report,
    file: "render-chart.js",
    // Our own modules stay files of their own.
    external: (id, importer) => importer === entry && id.startsWith("./"),
  });
  writeLicences(inChart, join(report, "render-chart.licences.txt"));
}

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { EXPORT_FORMATS } from "../../config/settings.ts";
import type { ExportName } from "../../dataset/formats/engine.ts";
import { ENGINES } from "../../dataset/formats/engines.ts";

const DOCUMENT = fileURLToPath(new URL("../../../docs/dataset.md", import.meta.url));

/** The row of a format in the document's table: the engines that obey it, that should, and that would mistrain. */
function tableRow(format: ExportName): string {
  const titles = (relation: "obeys" | "unconfirmed" | "mistrains"): string =>
    Object.values(ENGINES)
      .filter((engine) => engine[relation]?.[format] !== undefined)
      .map(({ title }) => title)
      .join(", ") || "–";
  return `| \`${format}\` | ${titles("obeys")} | ${titles("unconfirmed")} | ${titles("mistrains")} |`;
}

test("the document's table of formats is that of the engines", async () => {
  const rows = EXPORT_FORMATS.flatMap((format) => (format === "trajectories" ? [] : [tableRow(format)]));
  expect(await readFile(DOCUMENT, "utf8")).toContain(`${rows.join("\n")}\n`);
});

test("the document names the format that each engine is best given", async () => {
  const rows = Object.entries(ENGINES).map(
    ([name, { title, use }]) => `| \`${name}\` | ${title} | \`${use}\` |`,
  );
  expect(await readFile(DOCUMENT, "utf8")).toContain(`${rows.join("\n")}\n`);
});

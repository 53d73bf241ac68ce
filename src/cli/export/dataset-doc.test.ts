import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ENGINES } from "../../dataset/engines.ts";
import { type ExampleFormatName, FORMAT_NAMES } from "../../dataset/formats.ts";

const DOCUMENT = fileURLToPath(new URL("../../../docs/dataset.md", import.meta.url));

/** The row of a format in the document's table: the engines that obey it, that should, and that would mistrain. */
function tableRow(format: ExampleFormatName): string {
  const titles = (relation: "obeys" | "unconfirmed" | "mistrains"): string =>
    Object.values(ENGINES)
      .filter((engine) => engine[relation]?.[format] !== undefined)
      .map(({ title }) => title)
      .join(", ") || "–";
  return `| \`${format}\` | ${titles("obeys")} | ${titles("unconfirmed")} | ${titles("mistrains")} |`;
}

test("the document's table of formats is that of the engines", async () => {
  const rows = FORMAT_NAMES.flatMap((format) => (format === "trajectories" ? [] : [tableRow(format)]));
  expect(await readFile(DOCUMENT, "utf8")).toContain(`${rows.join("\n")}\n`);
});

test("the document names the format that each engine is best given", async () => {
  const rows = Object.entries(ENGINES).map(
    ([name, { title, use }]) => `| \`${name}\` | ${title} | \`${use}\` |`,
  );
  expect(await readFile(DOCUMENT, "utf8")).toContain(`${rows.join("\n")}\n`);
});

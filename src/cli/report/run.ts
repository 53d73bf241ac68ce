import type { ReportFlags } from "../../config/flags.ts";
import { counted } from "../../numbers.ts";
import { type WrittenReport, writeReport } from "../../report/document/write-report.ts";
import { asUsage, UsageError } from "../failure.ts";
import { type CliContext, type Host, showPath } from "../terminal/host.ts";
import { tableLines } from "../terminal/table.ts";
import { tell, widthFor, wrapText } from "../terminal/text.ts";

function tellOf({ page, sections, missing, figures, noPictures }: WrittenReport, host: Host): void {
  const { stderr, directory } = host;
  if (missing.length > 0) {
    tell(stderr, "Not in it, as they need");
    const width = widthFor(stderr);
    for (const { title, needs } of missing)
      for (const line of wrapText(`${title}: ${needs}`, { width, indent: 2, hanging: 4 }))
        stderr.write(`${line}\n`);
  }
  if (noPictures !== undefined) tell(stderr, `PNG was left out: ${noPictures}.`);
  const rows = sections.map(({ key, title }) => [`  ${title}`, `#${key}`]);
  for (const line of tableLines(rows, ["left", "left"])) stderr.write(`${line}\n`);
  tell(
    stderr,
    `${counted(sections.length, "section")} with ${counted(figures, "figure")}: ${showPath(page, directory)}`,
  );
}

/** `agentrefine report`: the paper's tables and figures over evaluations and data, as a page or a folder. */
export async function runReport(
  this: CliContext,
  { out, trained, tokenizer, template, png, force, json }: ReportFlags,
  ...given: readonly string[]
): Promise<void> {
  const { host } = this;
  const { directory, env, stdout } = host;
  if (template !== undefined && tokenizer === undefined)
    throw new UsageError("--template is for --tokenizer only", { fix: "Give --tokenizer too." });
  const tokens = tokenizer === undefined ? undefined : { tokenizer, template };
  const written = await asUsage(() =>
    writeReport(given, {
      out,
      directory,
      trained,
      tokens,
      replace: force === true,
      pictures: png !== false,
      env,
    }),
  );
  tellOf(written, host);
  if (json === true) stdout.write(`${JSON.stringify(written)}\n`);
}

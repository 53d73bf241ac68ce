import { join } from "node:path";
import type { ReportFlags } from "../../config/flags.ts";
import { cacheHome } from "../../data/cache.ts";
import { defined } from "../../defined.ts";
import { openEmbeddings } from "../../model/embeddings.ts";
import { counted, wholeNumber } from "../../numbers.ts";
import { type WrittenReport, writeReport } from "../../report/document/write-report.ts";
import { type EmbedOptions, embedTexts } from "../../report/figures/kept-vectors.ts";
import type { Embedder } from "../../report/figures/thought-map.ts";
import { asUsage, UsageError } from "../failure.ts";
import { type Host, showPath } from "../terminal/host.ts";
import { watchInterrupts } from "../terminal/interruption.ts";
import { showProgress } from "../terminal/progress.ts";
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

/** What makes vectors of texts, where a model is named. */
function embedderOf(
  { embeddings, baseUrl, apiKeyEnv }: ReportFlags,
  { env }: Host,
  rest: Pick<EmbedOptions, "stop" | "onProgress"> & { readonly note: (text: string) => void },
): Embedder | undefined {
  if (embeddings === undefined) {
    if (baseUrl === undefined && apiKeyEnv === undefined) return undefined;
    throw new UsageError("--base-url and --api-key-env are for --embeddings only", {
      fix: "Give --embeddings with the model's name too.",
    });
  }
  const { note, ...options } = rest;
  const model = openEmbeddings({ model: embeddings, ...defined({ baseUrl, apiKeyEnv }), note }, env);
  const folder = join(cacheHome(env), "embeddings");
  return { name: embeddings, embed: (texts) => embedTexts(texts, { model, folder, ...options }) };
}

/** Writes the report, shows what takes its time, and stops where it is told to. */
async function write(flags: ReportFlags, given: readonly string[], host: Host): Promise<WrittenReport> {
  const { directory, env } = host;
  const { out, trained, tokenizer, template, png, force, seed, map } = flags;
  const tokens = tokenizer === undefined ? undefined : { tokenizer, template };
  let work = "reading";
  using progress = showProgress(host, () => work, false);
  using interruption = watchInterrupts(host);
  const onProgress = (what: string, done: number, total: number): void => {
    work = `${what}: ${wholeNumber(done)} of ${wholeNumber(total)}`;
  };
  const stop = interruption.signal;
  const embedder = embedderOf(flags, host, {
    stop,
    onProgress: (done, total) => onProgress("vectors of texts", done, total),
    note: progress.note,
  });
  return await writeReport(given, {
    out,
    directory,
    trained,
    tokens,
    env,
    seed,
    map,
    embedder,
    replace: force === true,
    pictures: png !== false,
    stop,
    onProgress,
  });
}

/** `agentrefine report`: the paper's tables and figures over evaluations and data, as a page or a folder. */
export async function runReport(host: Host, flags: ReportFlags, ...given: readonly string[]): Promise<void> {
  if (flags.template !== undefined && flags.tokenizer === undefined)
    throw new UsageError("--template is for --tokenizer only", { fix: "Give --tokenizer too." });
  const written = await asUsage(() => write(flags, given, host));
  tellOf(written, host);
  if (flags.json === true) host.stdout.write(`${JSON.stringify(written)}\n`);
}

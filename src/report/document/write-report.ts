import { rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AgentRefineError } from "../../errors.ts";
import { counted } from "../../numbers.ts";
import { exists, writeFileAtomically, writeFolderAtomically } from "../../runs/atomic-file.ts";
import { type Chart, chartCsv } from "../charts/chart.ts";
import { type Part, reportCsv, reportLatex, reportMarkdown } from "../render.ts";
import { CONTENTS } from "./contents.ts";
import type { Section } from "./material.ts";
import { type Material, type MaterialOptions, readMaterial } from "./material.ts";
import { type PageChart, type PageSection, pageHtml, type ReportPage } from "./page.ts";
import { type Drawing, findBrowser, sizeOf, takePictures } from "./pictures.ts";

/** How a report is written. */
export interface ReportOptions extends MaterialOptions {
  /** A file that ends in `.html`, which has all in it, or a folder, which has each table and figure as files too. */
  readonly out: string;
  /** Whether what is there may be replaced. */
  readonly replace?: boolean | undefined;
  /** Whether figures become pictures (PNG) too, where the machine has a browser; only in a folder. */
  readonly pictures?: boolean | undefined;
  /** Where a browser is looked for; that of the process when not given. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** What was written. */
export interface WrittenReport {
  /** The page. */
  readonly page: string;
  /** The tables and figures that are in it, by their keys and titles. */
  readonly sections: readonly { readonly key: string; readonly title: string }[];
  /** Those that are not, with what each needs. */
  readonly missing: readonly { readonly title: string; readonly needs: string }[];
  readonly figures: number;
  /** Why there are no pictures, where they were wanted. */
  readonly noPictures?: string | undefined;
}

interface MadeSection extends Section {
  readonly key: string;
  readonly title: string;
}

interface Made {
  readonly sections: readonly MadeSection[];
  readonly missing: WrittenReport["missing"];
}

async function makeSections(material: Material): Promise<Made> {
  const sections: MadeSection[] = [];
  const missing: { title: string; needs: string }[] = [];
  for (const { key, title, make } of CONTENTS) {
    const made = await make(material);
    if ("missing" in made) missing.push({ title: title.split(":")[0] ?? title, needs: made.missing });
    else sections.push({ key, title, ...made });
  }
  return { sections, missing };
}

/** The names of what a report is over, in a line. */
function overWords({ evaluations, data }: Material): string {
  const parts = [
    { one: "evaluation", names: evaluations.map(({ name }) => name) },
    { one: "data set", names: data.map(({ name }) => name) },
  ];
  const told = parts.filter(({ names }) => names.length > 0);
  return told.map(({ one, names }) => `${counted(names.length, one)}: ${names.join(", ")}`).join("; ");
}

/** Draws charts and writes their files where there is a folder for them. */
class Drawer {
  readonly drawings: Drawing[] = [];
  readonly #folder: string | undefined;

  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  async chart(file: string, chart: Chart): Promise<PageChart> {
    // Vega is large.
    const { renderChart } = await import("../render-chart.ts");
    const svg = await renderChart(chart, "page");
    if (this.#folder === undefined) return { svg, files: [] };
    const light = await renderChart(chart);
    const at = (ending: string): string => join(this.#folder ?? "", `${file}.${ending}`);
    await writeFile(at("svg"), light);
    await writeFile(at("vl.json"), `${JSON.stringify(chart, null, 2)}\n`);
    await writeFile(at("csv"), chartCsv(chart));
    this.drawings.push({ svg: at("svg"), png: at("png"), ...sizeOf(light) });
    const kinds = [
      ["svg", "SVG"],
      ["png", "PNG"],
      ["vl.json", "Vega-Lite"],
      ["csv", "CSV"],
    ] as const;
    return {
      svg,
      files: kinds.map(([ending, what]) => [`${file}.${ending}`, what] as const),
    };
  }

  /** Writes the tables of a section as files. */
  async tables(key: string, parts: readonly Part[]): Promise<PageSection["files"]> {
    if (this.#folder === undefined || !parts.some(({ kind }) => kind === "table")) return [];
    const forms = [
      [`${key}.md`, "Markdown", reportMarkdown(parts)],
      [`${key}.tex`, "LaTeX", reportLatex(parts)],
      [`${key}.csv`, "CSV", reportCsv(parts)],
    ] as const;
    for (const [name, , text] of forms) await writeFile(join(this.#folder, name), text);
    return forms.map(([name, what]) => [name, what] as const);
  }

  async section({ key, title, parts = [], charts = [] }: MadeSection): Promise<PageSection> {
    const drawn: PageChart[] = [];
    for (const { file, chart } of charts) drawn.push(await this.chart(file, chart));
    return { key, title, parts, files: await this.tables(key, parts), charts: drawn };
  }
}

async function pageOf(material: Material, { sections, missing }: Made, drawer: Drawer): Promise<ReportPage> {
  const drawn: PageSection[] = [];
  for (const section of sections) drawn.push(await drawer.section(section));
  const { compared } = material;
  return {
    title: "AgentRefine: tables and figures",
    over: overWords(material),
    sections: drawn,
    missing: missing.map(({ title, needs }) => [title, needs] as const),
    notes: [...(compared?.paper?.notes ?? []), ...(compared?.notes ?? [])],
  };
}

/** Pictures of the drawings; why there are none, when there are none. */
async function picturesOf(
  drawings: readonly Drawing[],
  { pictures = true, env = process.env, onProgress }: ReportOptions,
) {
  if (!pictures) return "they were not asked for";
  if (drawings.length === 0) return undefined;
  const browser = await findBrowser(env);
  if (browser === undefined)
    return "this machine has no Chromium, Chrome or Edge on the path or in CHROME_PATH";
  const problem = await takePictures(browser, drawings, (taken) =>
    onProgress?.("pictures", taken, drawings.length),
  );
  if (problem === undefined) return undefined;
  for (const { png } of drawings) await rm(png, { force: true });
  return `${browser} took none (${problem})`;
}

async function refuseExisting(out: string, { replace = false }: ReportOptions): Promise<void> {
  if (replace || !(await exists(out))) return;
  throw new AgentRefineError(`${out} exists already`, {
    fix: "Give another name, or --force to replace it.",
  });
}

/**
 * Writes the paper's tables and figures over evaluations, runs and files of data, each with the paper's beside it where
 * the paper prints numbers. What needs something that was not given is told by name. Rejects with an AgentRefineError
 * for what is no evaluation, run or file of data, is given twice or has nothing in it, and where there is something
 * already.
 */
export async function writeReport(paths: readonly string[], options: ReportOptions): Promise<WrittenReport> {
  const { directory = process.cwd(), replace = false } = options;
  const out = resolve(directory, options.out);
  await refuseExisting(out, options);
  const material = await readMaterial(paths, options);
  const made = await makeSections(material);
  const sections = made.sections.map(({ key, title }) => ({ key, title }));
  const figures = made.sections.reduce((sum, { charts = [] }) => sum + charts.length, 0);
  const known = { sections, missing: made.missing, figures };
  if (out.endsWith(".html")) {
    await writeFileAtomically(out, pageHtml(await pageOf(material, made, new Drawer(undefined))));
    return { page: out, ...known };
  }
  return writeFolderAtomically(
    out,
    async (folder) => {
      const drawer = new Drawer(folder);
      const page = await pageOf(material, made, drawer);
      const why = await picturesOf(drawer.drawings, options);
      await writeFile(join(folder, "index.html"), pageHtml(page, why === undefined));
      return { page: join(out, "index.html"), ...known, noPictures: why };
    },
    { replace },
  );
}

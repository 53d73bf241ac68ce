import { createHash } from "node:crypto";
import { chartVariables } from "../charts/colours.ts";
import { htmlText, type Part, reportHtml } from "../render.ts";

/** A chart as it stands in a page. */
export interface PageChart {
  /** The drawing for a page's ground. */
  readonly svg: string;
  /** The files of the chart beside the page, with what each is. */
  readonly files: readonly (readonly [name: string, what: string])[];
}

/** A table or a figure as it stands in a page. */
export interface PageSection {
  readonly key: string;
  readonly title: string;
  readonly parts: readonly Part[];
  readonly files: PageChart["files"];
  readonly charts: readonly PageChart[];
}

/** What a page of a report has. */
export interface ReportPage {
  readonly title: string;
  /** What it is over, in a line. */
  readonly over: string;
  readonly sections: readonly PageSection[];
  /** What is not there, by its title, and what it needs. */
  readonly missing: readonly (readonly [title: string, needs: string])[];
  /** What else a reader must know. */
  readonly notes: readonly string[];
}

const STYLE = `${chartVariables()}
:root{color-scheme:light dark;--paper:#fbfaf7;--sheet:#fff;--ink:#1d1b18;--soft:#625d54;--line:#e0dbd0;--accent:#2a5580}
@media (prefers-color-scheme:dark){:root{--paper:#16171a;--sheet:#1d1f23;--ink:#e7e4dd;--soft:#aaa498;--line:#33353a;--accent:#8ab4dd}}
*{box-sizing:border-box}
html{font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0}
header,main,footer{max-width:1200px;margin:0 auto;padding:1.2rem 1.5rem}
h1{font-size:1.5rem;letter-spacing:-.015em;margin:.4rem 0}
h2{font-size:1.1rem;margin:0 0 .6rem}
p{max-width:52rem;margin:.5rem 0}
header p,footer,.files{color:var(--soft)}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1rem;list-style:none;padding:0;margin:.8rem 0 0;font-size:.9rem}
section{border-top:1px solid var(--line);padding:1.4rem 0}
.scroll{overflow-x:auto;margin:.6rem 0}
table{border-collapse:collapse;background:var(--sheet);border:1px solid var(--line);font-size:.87rem;font-variant-numeric:tabular-nums}
th,td{padding:.32rem .7rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
thead th{color:var(--soft);font-weight:500;vertical-align:bottom}
th[scope=row]{text-align:left;font-weight:500;position:sticky;left:0;background:var(--sheet)}
th[scope=rowgroup]{text-align:left;color:var(--soft);font-weight:500;font-size:.8rem;background:var(--paper)}
tbody tr:last-child>*{border-bottom:0}
table.texts{table-layout:fixed;width:100%;min-width:40rem}
.texts tr>:first-child{width:6rem}
.texts th[scope=row]{vertical-align:top}
.texts td,.texts thead th{text-align:left;white-space:normal;overflow-wrap:anywhere;vertical-align:top}
section ul{margin:.3rem 0;padding-left:1.2rem;font-size:.9rem}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,30rem),1fr));gap:1rem;align-items:start}
figure{margin:0;background:var(--sheet);border:1px solid var(--line);border-radius:8px;padding:.6rem}
figure svg{display:block;max-width:100%;height:auto}
.files{font-size:.82rem;margin:.4rem 0 0}
@media print{figure,section{break-inside:avoid}nav,.files{display:none}}
`;

function fileLinks(files: PageChart["files"]): string {
  const links = files.map(([name, what]) => `<a href="${htmlText(encodeURI(name))}">${htmlText(what)}</a>`);
  return links.join(" · ");
}

function chartHtml({ svg, files }: PageChart, hasPictures: boolean): string {
  const links = fileLinks(files.filter(([, what]) => hasPictures || what !== "PNG"));
  return `<figure>${svg}${links === "" ? "" : `<figcaption class="files">${links}</figcaption>`}</figure>`;
}

function sectionHtml({ key, title, parts, files, charts }: PageSection, hasPictures: boolean): string {
  return [
    `<section id="${key}"><h2>${htmlText(title)}</h2>`,
    reportHtml(parts),
    ...(files.length === 0 ? [] : [`<p class="files">${fileLinks(files)}</p>`]),
    ...(charts.length === 0
      ? []
      : [`<div class="charts">${charts.map((chart) => chartHtml(chart, hasPictures)).join("\n")}</div>`]),
    "</section>",
  ].join("\n");
}

/**
 * A report as one page that needs nothing beside it: no script, no font, no address but those of its own files. Its
 * policy lets in its own style sheet and nothing else. It leads to pictures of its figures when there are some.
 */
export function pageHtml({ title, over, sections, missing, notes }: ReportPage, hasPictures = true): string {
  const hash = createHash("sha256").update(STYLE).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const link = (key: string, words: string): string => `<li><a href="#${key}">${htmlText(words)}</a></li>`;
  const items = missing.map(([name, needs]) => `${name} needs ${needs}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${htmlText(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${htmlText(title)}</h1><p>${htmlText(over)}</p>
<nav aria-label="contents"><ul>${sections.map((each) => link(each.key, each.title)).join("")}${missing.length === 0 ? "" : link("missing", "Not here")}</ul></nav></header>
<main>
${sections.map((each) => sectionHtml(each, hasPictures)).join("\n")}
${notes.length === 0 ? "" : `<section id="notes"><h2>To know</h2>${reportHtml([{ kind: "list", items: notes }])}</section>`}
${missing.length === 0 ? "" : `<section id="missing"><h2>Not here</h2>${reportHtml([{ kind: "list", items }])}</section>`}
</main>
<footer>Written by agentrefine report. The paper's numbers are from AgentRefine (ICLR 2025).</footer>
</body>
</html>
`;
}

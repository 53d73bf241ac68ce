import { describe, expect, test } from "vitest";
import { type Part, reportCsv, reportHtml, reportLatex, reportMarkdown } from "./render.ts";

const parts: readonly Part[] = [
  { kind: "table", head: ["", "a", "b"], rows: [["Ours"], ["x", "1", { bold: "2" }]] },
  { kind: "table", isProse: true, head: ["", "one"], rows: [["turn 1", "go | north"]] },
];

describe("a row of one cell", () => {
  test("has a field for each column in Markdown and CSV, and goes over all in LaTeX and HTML", () => {
    expect(reportMarkdown(parts)).toContain("| Ours |  |  |\n| x | 1 | **2** |");
    expect(reportCsv(parts)).toContain("Ours,,\nx,1,2\n");
    expect(reportLatex(parts)).toContain("\\multicolumn{3}{l}{Ours} \\\\");
    expect(reportHtml(parts)).toContain('<th scope="rowgroup" colspan="3">Ours</th>');
  });
});

describe("a table of texts", () => {
  test("is read from the left and wraps", () => {
    expect(reportMarkdown(parts)).toContain("| --- | --- |\n| turn 1 | go \\| north |");
    expect(reportLatex(parts)).toContain("\\begin{tabular}{lp{0.90\\linewidth}}");
    expect(reportHtml(parts)).toContain('<table class="texts"');
  });
});

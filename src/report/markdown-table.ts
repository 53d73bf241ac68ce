/** A cell's text made safe for a table: on one line, without bars. */
function cellText(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|").trim();
}

function line(cells: readonly string[]): string {
  return `| ${cells.map(cellText).join(" | ")} |`;
}

/** A table in Markdown; the first column stands left, the others right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_cell, column) => (column === 0 ? "---" : "---:"));
  return [line(head), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

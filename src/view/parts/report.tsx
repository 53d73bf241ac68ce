import { type Part, reportHtml } from "../../report/render.ts";

/** A report as `agentrefine compare` prints it, as a part of a page: the HTML that `agentrefine report` writes too. */
export function ReportParts({ parts }: { readonly parts: readonly Part[] }) {
  // Every text in it has been escaped.
  return <div class="report" dangerouslySetInnerHTML={{ __html: reportHtml(parts) }} />;
}

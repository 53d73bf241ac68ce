import { type Cell, cellText, type Part, type Table } from "../../report/render.ts";
import { Line } from "./text.tsx";

function CellView({ cell }: { readonly cell: Cell }) {
  const text = <Line text={cellText(cell)} />;
  return typeof cell === "string" ? text : <b>{text}</b>;
}

/** An empty corner heads nothing. */
function Head({ title, isFirst }: { readonly title: string; readonly isFirst: boolean }) {
  if (title === "") return <td />;
  return (
    <th class={isFirst ? "" : "num"}>
      <Line text={title} />
    </th>
  );
}

function TableView({ table: { head, rows } }: { readonly table: Table }) {
  return (
    <div class="scroll" tabindex={0}>
      <table>
        <thead>
          <tr>
            {head.map((title, column) => (
              <Head title={title} isFirst={column === 0} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map((cell, column) =>
                column === 0 ? (
                  <th scope="row" {...(row.length === 1 ? { colspan: head.length } : {})}>
                    <CellView cell={cell} />
                  </th>
                ) : (
                  <td class="num">
                    <CellView cell={cell} />
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A report as `agentrefine compare` prints it, as a part of a page. */
export function ReportParts({ parts }: { readonly parts: readonly Part[] }) {
  return (
    <>
      {parts.map((part) => {
        if (part.kind === "table") return <TableView table={part} />;
        if (part.kind === "text")
          return (
            <p>
              <Line text={part.text} />
            </p>
          );
        return (
          <ul>
            {part.items.map((item) => (
              <li>
                <Line text={item} />
              </li>
            ))}
          </ul>
        );
      })}
    </>
  );
}

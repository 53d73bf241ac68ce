import { wholeNumber } from "../../numbers.ts";

interface PagerProps {
  /** From 1. */
  readonly page: number;
  readonly size: number;
  readonly total: number;
  /** Such as `personas`. */
  readonly things: string;
  readonly href: (page: number) => string;
}

/** Which part of a long list is shown, with the way to the others. */
export function Pager({ page, size, total, things, href }: PagerProps) {
  const last = Math.max(1, Math.ceil(total / size));
  const from = Math.min(total, (page - 1) * size + 1);
  const to = Math.min(total, page * size);
  return (
    <nav class="pager" aria-label={`pages of ${things}`}>
      <span class="count">
        {total === 0
          ? `no ${things}`
          : `${wholeNumber(from)}–${wholeNumber(to)} of ${wholeNumber(total)} ${things}`}
      </span>
      {page > 1 ? <a href={href(1)}>first</a> : null}
      {page > 1 ? (
        <a href={href(page - 1)} rel="prev">
          previous
        </a>
      ) : null}
      {page < last ? (
        <a href={href(page + 1)} rel="next">
          next
        </a>
      ) : null}
      {page < last ? <a href={href(last)}>last</a> : null}
    </nav>
  );
}

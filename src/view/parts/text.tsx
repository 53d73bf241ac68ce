import type { Child } from "hono/jsx";
import { wholeNumber } from "../../numbers.ts";
import { printable, printableLine } from "../../printable.ts";

/** Characters that are shown before the rest is folded, and that a page holds of one text in all. */
const UNFOLDED = 4000;
const LONGEST = 60_000;

/** A text of others on one line; what a reader would not see, or be led astray by, is made visible. */
export function Line({ text, href }: { readonly text: string; readonly href?: string | undefined }) {
  const shown = printableLine(text.length > UNFOLDED ? `${text.slice(0, UNFOLDED)}…` : text);
  return <>{href === undefined ? shown : <a href={href}>{shown}</a>}</>;
}

/** What is wrong, a paragraph each. */
export function Problems({ lines }: { readonly lines: readonly string[] }) {
  return (
    <>
      {lines.map((line) => (
        <p class="problem">
          <Line text={line} />
        </p>
      ))}
    </>
  );
}

/** Names with their values, one below the other. */
export function Pairs({ pairs }: { readonly pairs: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl class="pairs">
      {pairs.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>
            <Line text={value} />
          </dd>
        </>
      ))}
    </dl>
  );
}

/** What can be unfolded. */
export function Folded(props: {
  readonly title: Child;
  readonly isOpen?: boolean;
  readonly children: Child;
}) {
  return (
    <details open={props.isOpen}>
      <summary>{props.title}</summary>
      {props.children}
    </details>
  );
}

interface ProseProps {
  readonly text: string;
  readonly class?: string;
  /** Where the whole of a text is that is too long for a page. */
  readonly whole?: string | undefined;
}

/**
 * A text of others with its line breaks. What is long is folded, what is too long for a page is left out with a word.
 */
export function Prose({ text, class: name = "", whole }: ProseProps) {
  const shown = printable(text.slice(0, LONGEST));
  if (shown.length <= UNFOLDED) return <p class={`prose ${name}`}>{shown}</p>;
  const rest = text.length - LONGEST;
  return (
    <div class={`prose ${name}`}>
      {shown.slice(0, UNFOLDED)}
      <details class="rest">
        <summary>{wholeNumber(text.length - UNFOLDED)} more characters</summary>
        {shown.slice(UNFOLDED)}
        {rest > 0 ? (
          <p class="soft">
            … and {wholeNumber(rest)} that are too many for a page
            {whole === undefined ? "" : <a href={whole}> (the whole text)</a>}
          </p>
        ) : null}
      </details>
    </div>
  );
}

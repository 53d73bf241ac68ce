import type { Child } from "hono/jsx";
import { printableLine } from "../../printable.ts";
import { link } from "../link.ts";

/** One step of the path at the top of a page; the last has no address. */
interface Crumb {
  readonly text: string;
  readonly href?: string;
}

interface LayoutProps {
  /** The title of the window, the most telling first: tabs and bookmarks are short. */
  readonly title: readonly (string | undefined)[];
  readonly crumbs: readonly Crumb[];
  /** Asks the page again by itself, after so many seconds. */
  readonly refresh?: number | undefined;
  /** The addresses before and behind this page, for k and j. */
  readonly previous?: string | undefined;
  readonly next?: string | undefined;
  /** Where the page hears of changes: see the island's `live.ts`. */
  readonly events?: string | undefined;
  readonly children: Child;
}

const KEYS = [
  ["j", "next; in a list the next row, behind its last the next page"],
  ["k", "previous, likewise"],
  ["/", "search"],
  ["g", "the list"],
  ["?", "these keys"],
] as const;

/** Characters of one part of a window's title. */
const LONGEST_PART = 60;

/** The title of a window: goals and personas by their beginnings. */
function windowTitle(parts: LayoutProps["title"]): string {
  const shown = parts.flatMap((part) => {
    if (part === undefined || part === "") return [];
    const line = printableLine(part).trim();
    return line.length <= LONGEST_PART ? line : `${line.slice(0, LONGEST_PART).toWellFormed().trimEnd()}…`;
  });
  return [...shown, "agentrefine"].join(" · ");
}

/** What every page has around it. Without script all of it works but for the keys and what grows by itself. */
export function Layout({ title, crumbs, refresh, previous, next, events, children }: LayoutProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {refresh === undefined ? null : <meta http-equiv="refresh" content={String(refresh)} />}
        <title>{windowTitle(title)}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/style.css" />
        {previous === undefined ? null : <link rel="prev" href={previous} />}
        {next === undefined ? null : <link rel="next" href={next} />}
        <script defer src="/island.js" />
      </head>
      <body data-events={events}>
        <a class="skip" href="#content">
          to the content
        </a>
        <header class="top">
          <a class="home" href={link([])}>
            agentrefine
          </a>
          <nav aria-label="path">
            {crumbs.map(({ text, href }) =>
              href === undefined ? (
                <span aria-current="page">{printableLine(text)}</span>
              ) : (
                <a href={href}>{printableLine(text)}</a>
              ),
            )}
          </nav>
          <button type="button" class="keys" data-keys hidden aria-label="keys">
            ?
          </button>
        </header>
        <main id="content">{children}</main>
        <dialog class="help" aria-label="keys">
          <dl>
            {KEYS.map(([key, what]) => (
              <>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{what}</dd>
              </>
            ))}
          </dl>
          <form method="dialog">
            <button type="submit">close</button>
          </form>
        </dialog>
      </body>
    </html>
  );
}

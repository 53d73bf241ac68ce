import { type OpenTag, readHtml } from "./html.ts";

/** What a page of Wikipedia is read for. */
interface ReadPage {
  /** Titles that the search found where no page has the name. */
  readonly similar: readonly string[];
  /** Paragraphs and lists. */
  readonly paragraphs: readonly string[];
}

/** The most characters that the texts of a page may come to; what a hostile page has beyond is left out. */
const LONGEST = 4_000_000;

interface Part {
  readonly tag: OpenTag;
  readonly order: number;
  readonly from: number;
}

interface Text {
  readonly name: string;
  readonly order: number;
  readonly text: string;
}

/** Whether a tag is one that the search page has around each title. */
function isResult({ name, classes }: OpenTag): boolean {
  return name === "div" && classes.includes("mw-search-result-heading");
}

/** Which texts of a page are taken. */
interface Wanted {
  /** Whether an element's text is wanted. */
  readonly wanted: (tag: OpenTag, around: readonly OpenTag[]) => boolean;
  /** Whether an element's text is left out of the texts around it. */
  readonly passes?: (tag: OpenTag) => boolean;
  /** Whether a tag parts the words before and after it. */
  readonly parts?: (tag: OpenTag) => boolean;
}

/** The texts of all elements that are wanted, in the order in which they begin. */
function textsOf(
  html: string,
  { wanted, passes = () => false, parts: isGap = () => false }: Wanted,
): readonly Text[] {
  const open: OpenTag[] = [];
  const parts: Part[] = [];
  const texts: Text[] = [];
  let seen = "";
  let order = 0;
  let passed = 0;
  let length = 0;
  readHtml(html, {
    opened(tag) {
      if (wanted(tag, open)) parts.push({ tag, order: order++, from: seen.length });
      open.push(tag);
      if (passes(tag)) passed += 1;
      if (isGap(tag)) seen += " ";
    },
    closed(tag) {
      open.pop();
      if (passes(tag)) passed -= 1;
      const part = parts.at(-1);
      if (part?.tag !== tag) return;
      parts.pop();
      const text = seen.slice(part.from);
      length += text.length;
      if (length <= LONGEST) texts.push({ name: tag.name, order: part.order, text });
    },
    text(text) {
      if (passed === 0 && parts.length > 0) seen += text;
    },
  });
  return texts.sort((one, other) => one.order - other.order);
}

/** Reads a page as the original does: its paragraphs, then all its lists, those of the menus included. */
export function readWholePage(html: string): ReadPage {
  const texts = textsOf(html, {
    wanted: (tag) => tag.name === "p" || tag.name === "ul" || isResult(tag),
  });
  const named = (name: string): readonly string[] =>
    texts.filter((each) => each.name === name).map(({ text }) => text);
  return { similar: named("div"), paragraphs: [...named("p"), ...named("ul")] };
}

/** What stands in an article without being its text: numbers of references, boxes, tables of links, links to edit. */
const ASIDE = new Set([
  "reference",
  "mw-editsection",
  "infobox",
  "navbox",
  "metadata",
  "reflist",
  "references",
  "hatnote",
  "toc",
  "mw-empty-elt",
  "noprint",
]);

const POINTS = new Set(["p", "li"]);

/** Reads the article alone: paragraphs and points of lists as they stand in it, in one line each. */
export function readArticle(html: string): ReadPage {
  const hasArticle = /class\s*=\s*["'][^"']*\bmw-parser-output\b/.test(html);
  const isArticle = (tag: OpenTag): boolean => tag.classes.includes("mw-parser-output");
  const texts = textsOf(html, {
    wanted: (tag, around) =>
      isResult(tag) ||
      (POINTS.has(tag.name) &&
        (!hasArticle || around.some(isArticle)) &&
        !around.some(({ name }) => POINTS.has(name))),
    passes: ({ classes }) => classes.some((each) => ASIDE.has(each)),
    parts: ({ name }) => name === "br" || POINTS.has(name),
  });
  const lines = (keep: (text: Text) => boolean): readonly string[] =>
    texts
      .filter(keep)
      .map(({ text }) => text.replace(/\s+/g, " ").trim())
      .filter((text) => text !== "");
  return { similar: lines(({ name }) => name === "div"), paragraphs: lines(({ name }) => name !== "div") };
}

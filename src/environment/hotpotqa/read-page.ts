import { type Token, Tokenizer, TokenizerMode } from "parse5";

/** A tag while its element is open. */
interface OpenTag {
  readonly name: string;
  readonly classes: readonly string[];
  attribute(name: string): string | undefined;
}

/** Who is told what a page is made of, in the order of its source. */
interface HtmlReader {
  opened(tag: OpenTag): void;
  closed(tag: OpenTag): void;
  /** Text that readers see, character references replaced; what script, style and template hold is none. */
  text(text: string): void;
}

/** Elements that have no end tag. */
const EMPTY = new Set(
  "area base basefont bgsound br col command embed frame hr image img input isindex keygen link menuitem meta nextid param source spacer track wbr".split(
    " ",
  ),
);
/** Elements whose content is no markup. */
const RAW: Readonly<Record<string, Tokenizer["state"]>> = {
  script: TokenizerMode.SCRIPT_DATA,
  style: TokenizerMode.RAWTEXT,
};
/** Elements whose text Beautiful Soup does not count as text of what they stand in. */
const UNSEEN = new Set(["script", "style", "template", "rt", "rp"]);
const KEEPS_SPACE = new Set(["pre", "textarea"]);

/** The deepest nesting that is kept; what is opened below it is read as if its tags were not there. */
const DEEPEST = 2000;

function openTag({ tagName, attrs }: Token.TagToken): OpenTag {
  const attribute = (name: string): string | undefined => attrs.findLast((each) => each.name === name)?.value;
  const classes = (attribute("class") ?? "").split(/\s+/).filter((each) => each !== "");
  return { name: tagName, classes, attribute };
}

/** White space alone counts as one character of it, outside of what keeps space. */
function collapsed(text: string): string {
  if (!/^[ \n\t\f\r]+$/.test(text)) return text;
  return text.includes("\n") ? "\n" : " ";
}

/**
 * Reads HTML as Beautiful Soup does on Python's html.parser: an element ends at its own end tag, at that of one
 * around it, or with the page, so that paragraphs may stand in paragraphs; nothing is put right as a browser would.
 */
function readHtml(html: string, reader: HtmlReader): void {
  const open: OpenTag[] = [];
  const counts = new Map<string, number>();
  /** Elements without an end tag whose end tag, should one come, says nothing any more. */
  const ended = new Map<string, number>();
  let pending = "";

  const within = (names: ReadonlySet<string>): boolean =>
    [...names].some((name) => (counts.get(name) ?? 0) > 0);
  const flush = (): void => {
    if (pending === "") return;
    if (!within(UNSEEN)) reader.text(within(KEEPS_SPACE) ? pending : collapsed(pending));
    pending = "";
  };
  const pop = (): OpenTag | undefined => {
    const tag = open.pop();
    if (tag === undefined) return undefined;
    counts.set(tag.name, (counts.get(tag.name) ?? 1) - 1);
    reader.closed(tag);
    return tag;
  };
  const close = (name: string): void => {
    flush();
    if ((counts.get(name) ?? 0) === 0) return;
    while (pop()?.name !== name);
  };
  const character = ({ chars }: Token.CharacterToken): void => {
    pending += chars;
  };

  const tokenizer = new Tokenizer(
    {},
    {
      onStartTag(token) {
        flush();
        if (open.length >= DEEPEST) return;
        const tag = openTag(token);
        open.push(tag);
        counts.set(tag.name, (counts.get(tag.name) ?? 0) + 1);
        reader.opened(tag);
        if (token.selfClosing || EMPTY.has(tag.name)) close(tag.name);
        if (token.selfClosing) return;
        if (EMPTY.has(tag.name)) ended.set(tag.name, (ended.get(tag.name) ?? 0) + 1);
        const raw = RAW[tag.name];
        if (raw !== undefined) {
          tokenizer.state = raw;
          tokenizer.lastStartTagName = tag.name;
        }
      },
      onEndTag({ tagName }) {
        const without = ended.get(tagName) ?? 0;
        if (without === 0) close(tagName);
        else ended.set(tagName, without - 1);
      },
      onCharacter: character,
      onWhitespaceCharacter: character,
      onNullCharacter: character,
      onComment: flush,
      onDoctype: flush,
      onEof() {
        flush();
        while (pop() !== undefined);
      },
    },
  );
  tokenizer.write(html, true);
}

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

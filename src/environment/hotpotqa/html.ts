import { type Token, Tokenizer, TokenizerMode } from "parse5";

/** A tag while its element is open. */
export interface OpenTag {
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
export function readHtml(html: string, reader: HtmlReader): void {
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

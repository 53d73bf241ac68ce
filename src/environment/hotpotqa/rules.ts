import { printedList, strip, withoutEscapes } from "./python-text.ts";
import { readArticle, readWholePage } from "./read-page.ts";

const SEARCH = "/w/index.php?search=";
/** What may stand in the query of an address as it is (RFC 3986). */
const QUERY = /[A-Za-z0-9._~!$&'()*+,;=:@/?-]/;
const ESCAPED = /%[0-9a-fA-F]{2}/g;

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

/**
 * A query as the library requests sends it: percent signs are kept if each of them begins an escape, else all of them
 * are escaped as what is not allowed is; escapes of letters and digits are taken away; from `#` on nothing is sent.
 */
function sentQuery(query: string): string {
  const [sent = ""] = query.split("#");
  const escapes = sent.match(ESCAPED)?.length ?? 0;
  const isEscaped = escapes === sent.split("%").length - 1;
  const bytes = Buffer.from(
    sent.replace(ESCAPED, (code) => code.toUpperCase()),
    "utf8",
  );
  const encoded = [...bytes]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return QUERY.test(character) || (isEscaped && character === "%") ? character : percent(byte);
    })
    .join("");
  return encoded.replace(ESCAPED, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : code;
  });
}

/** The address that the original asks for a title: its words joined by `+`, and nothing else of it escaped. */
export function rawSearchAddress(title: string): string {
  return `${SEARCH}${sentQuery(title.replaceAll(" ", "+"))}`;
}

/** Words with a full stop that ends no sentence. */
const ABBREVIATIONS = new Set(
  (
    "dr mr mrs ms prof st jr sr rev hon gen col lt sgt capt cmdr adm maj gov sen rep pres mt ft " +
    "no nos vol pp fig ed eds trans dept univ assn bros inc ltd co corp vs ca approx est b d r fl " +
    "jan feb mar apr jun jul aug sep sept oct nov dec e.g i.e cf etc al op"
  ).split(" "),
);
const END = /[.!?]["”’»)\]]*\s+(?=["“‘«([]?[\p{Lu}\p{N}])/gu;

/** Whether the full stop at the end of a text belongs to an abbreviation or an initial. */
function endsShort(text: string): boolean {
  const word = /([\p{L}.]+)\.["”’»)\]]*\s+$/u.exec(text)?.[1];
  if (word === undefined) return false;
  return ABBREVIATIONS.has(word.toLowerCase()) || /^\p{Lu}(?:\.\p{L})*$/u.test(word);
}

/** The sentences of a paragraph; abbreviations such as `St.`, initials and `U.S.` end none. */
export function splitSentences(paragraph: string): readonly string[] {
  const sentences: string[] = [];
  let from = 0;
  for (const { index, 0: end } of paragraph.matchAll(END)) {
    const to = index + end.length;
    if (endsShort(paragraph.slice(Math.max(from, to - 40), to))) continue;
    sentences.push(paragraph.slice(from, to).trim());
    from = to;
  }
  sentences.push(paragraph.slice(from).trim());
  return sentences.filter((sentence) => sentence !== "");
}

/** What a search came to. */
export type Found =
  | { readonly code: "page"; readonly sentences: readonly string[] }
  | { readonly code: "none"; readonly observation: string }
  /** Another search is made in its place. */
  | { readonly code: "again"; readonly title: string };

/** An action as it was read. */
export interface QuestionAction {
  readonly kind: "search" | "lookup" | "finish" | "think";
  readonly argument: string;
}

/** How the world reads actions, addresses and pages. */
export interface QuestionRules {
  /** Undefined when the text is no action. */
  readAction(text: string): QuestionAction | undefined;
  /** What is said of a text that is no action. */
  refusal(text: string): string;
  /** The address that a title is searched at, or why it is not. */
  address(title: string): { readonly address: string } | { readonly observation: string };
  /** What a page holds that a search for a title led to. */
  read(html: string, title: string): Found;
  /** What is said when no further sentence has the words that are looked up. */
  nothingMore(hasPage: boolean): string;
}

const ACTION = /^(search|lookup|finish|think)\[([\s\S]*)\]$/;
const KINDS: Readonly<Record<string, QuestionAction["kind"]>> = {
  search: "search",
  lookup: "lookup",
  finish: "finish",
  think: "think",
};

function actionOf(match: RegExpExecArray | null): QuestionAction | undefined {
  const kind = KINDS[match?.[1]?.toLowerCase() ?? ""];
  return kind === undefined ? undefined : { kind, argument: match?.[2] ?? "" };
}

/**
 * The sentences of a page as the original cuts it: at each full stop with a space, and with a full stop put to each.
 */
function cutSentences(page: string): readonly string[] {
  return page
    .split("\n")
    .map(strip)
    .filter((paragraph) => paragraph !== "")
    .flatMap((paragraph) => paragraph.split(". "))
    .map(strip)
    .filter((sentence) => sentence !== "")
    .map((sentence) => `${sentence}.`);
}

/**
 * The environment of LATS (after that of ReAct) to the letter; its caller makes the first letter of an action small.
 */
export const LATS_RULES: QuestionRules = {
  readAction: (text) => actionOf(ACTION.exec(strip(text))),
  refusal: (text) => `Invalid action: ${strip(text)}`,
  address: (title) => ({ address: rawSearchAddress(title) }),
  read(html, title) {
    const { similar, paragraphs } = readWholePage(html);
    if (similar.length > 0) {
      const titles = similar.slice(0, 5).map((each) => withoutEscapes(strip(each)));
      return { code: "none", observation: `Could not find ${title}. Similar: ${printedList(titles)}.` };
    }
    const texts = paragraphs.map(strip);
    if (texts.some((text) => text.includes("may refer to:"))) return { code: "again", title: `[${title}]` };
    const page = texts
      .filter((text) => text.split(" ").length > 2)
      .map((text) => `${withoutEscapes(text)}\n`)
      .join("");
    return { code: "page", sentences: cutSentences(page) };
  },
  nothingMore: () => "No more results.\n",
};

const LOOSE_ACTION = /^(search|lookup|finish|think)\s*\[([\s\S]*)\]\s*\.?$/i;
/** How an article that only lists others begins. */
const SEVERAL = /\b(?:may|can|might|could)(?: also)? refer to\b[^.]*:$/i;
/** How many titles are offered at most. */
const OFFERED = 10;

/**
 * The same actions without what treats a player unfairly: titles are escaped, abbreviations end no sentence, menus and
 * numbers of references are no text, a page that only lists others offers their titles.
 */
export const PLAIN_RULES: QuestionRules = {
  readAction: (text) => {
    const action = actionOf(LOOSE_ACTION.exec(text.trim()));
    return action === undefined ? undefined : { ...action, argument: action.argument.trim() };
  },
  refusal: (text) =>
    `"${text.trim()}" is no action. Actions are search[title], lookup[words], finish[answer] and think[thought].`,
  address: (title) =>
    title === ""
      ? { observation: "Nothing was searched: search[] needs a title." }
      : { address: `${SEARCH}${encodeURIComponent(title.toWellFormed()).replaceAll("%20", "+")}` },
  read(html, title) {
    const { similar, paragraphs } = readArticle(html);
    if (similar.length > 0) {
      const titles = similar.slice(0, 5).join("; ");
      return { code: "none", observation: `There is no page "${title}". Similar: ${titles}.` };
    }
    const first = paragraphs.slice(0, 3).findIndex((text) => text.length < 500 && SEVERAL.test(text));
    if (first >= 0) {
      const titles = paragraphs
        .slice(first + 1)
        .slice(0, OFFERED)
        // The title is what stands before the description.
        .map((point) => (point.split(/,\s| [–—-] /)[0] ?? point).trim())
        .join("; ");
      return { code: "none", observation: `"${title}" may refer to: ${titles}.` };
    }
    const sentences = paragraphs.flatMap(splitSentences);
    if (sentences.length === 0) return { code: "none", observation: `There is no page "${title}".` };
    return { code: "page", sentences };
  },
  nothingMore: (hasPage) => (hasPage ? "No more results." : "No page is open: search for one first."),
};

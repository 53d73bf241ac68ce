import { printedList, strip, withoutEscapes } from "./python-text.ts";
import { readArticle, readWholePage } from "./read-page.ts";
import { escapedSearchAddress, rawSearchAddress } from "./search-address.ts";
import { splitSentences } from "./sentences.ts";

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

/** The title of a point of such a list: what stands before its description. */
function titleOfPoint(point: string): string {
  return (point.split(/,\s| [–—-] /)[0] ?? point).trim();
}

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
      : { address: escapedSearchAddress(title) },
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
        .map(titleOfPoint)
        .slice(0, OFFERED)
        .join("; ");
      return { code: "none", observation: `"${title}" may refer to: ${titles}.` };
    }
    const sentences = paragraphs.flatMap(splitSentences);
    if (sentences.length === 0) return { code: "none", observation: `There is no page "${title}".` };
    return { code: "page", sentences };
  },
  nothingMore: (hasPage) => (hasPage ? "No more results." : "No page is open: search for one first."),
};

import type { Start, Step, World } from "../world.ts";
import { words } from "./python-text.ts";
import type { Found, QuestionAction, QuestionRules } from "./rules.ts";

const PUNCTUATION = /[!-/:-@[-`{-~]/g;
const ARTICLES = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;
/** Answers that no other one is partly right about. */
const CLOSED = new Set(["yes", "no", "noanswer"]);

/** An answer without what its form leaves open: case, punctuation, articles, spaces. */
export function normalizeAnswer(answer: string): string {
  return words(answer.toLowerCase().replace(PUNCTUATION, "").replace(ARTICLES, " ")).join(" ");
}

function countWords(text: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of text) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function f1Of(given: string, right: string): number {
  if (given !== right && (CLOSED.has(given) || CLOSED.has(right))) return 0;
  const givenWords = words(given);
  const rightWords = words(right);
  const available = countWords(rightWords);
  let same = 0;
  for (const [word, count] of countWords(givenWords)) same += Math.min(count, available.get(word) ?? 0);
  if (same === 0) return 0;
  const precision = same / givenWords.length;
  const recall = same / rightWords.length;
  return (2 * precision * recall) / (precision + recall);
}

/** How right an answer is, by HotpotQA's measures: exact match (0 or 1), and F1 over its words, both normalised. */
export function scoreAnswer(answer: string, right: string): { readonly em: 0 | 1; readonly f1: number } {
  const given = normalizeAnswer(answer);
  const expected = normalizeAnswer(right);
  return { em: given === expected ? 1 : 0, f1: f1Of(given, expected) };
}

/** A question with the answer that counts. */
interface QuestionWithAnswer {
  readonly question: string;
  readonly answer: string;
}

/** Where pages come from: the HTML that stands at an address, redirects followed. Rejects when it cannot be had. */
export type AskPage = (address: string) => Promise<string>;

/** How many sentences of a page are shown. */
const SHOWN = 5;
/** How many searches may be made in place of others; the original has no bound. */
const MOST_SEARCHES = 5;

/** A page that is read: its sentences, and those of them that have the words that were looked up last. */
interface Reading {
  readonly sentences: readonly string[];
  readonly words?: string;
  readonly matches: readonly string[];
  readonly next: number;
}

async function search(
  title: string,
  rules: QuestionRules,
  ask: AskPage,
): Promise<Exclude<Found, { readonly code: "again" }>> {
  let searched = title;
  for (let searches = 0; searches < MOST_SEARCHES; searches += 1) {
    const place = rules.address(searched);
    if ("observation" in place) return { code: "none", observation: place.observation };
    const found = rules.read(await ask(place.address), searched);
    if (found.code !== "again") return found;
    searched = found.title;
  }
  return { code: "none", observation: `Could not find ${searched}.` };
}

function matching(reading: Reading, words: string): Reading {
  if (reading.words === words) return reading;
  const wanted = words.toLowerCase();
  const matches = reading.sentences.filter((sentence) => sentence.toLowerCase().includes(wanted));
  return { ...reading, words, matches, next: 0 };
}

function seen(observation: string): Step {
  return { observation, scores: {}, understood: true };
}

function finished(given: string, right: string): Step {
  const scores = scoreAnswer(given, right);
  const observation = `Episode finished, reward = ${scores.em}\n`;
  return { observation, scores, ending: scores.em === 1 ? "success" : "failure", understood: true };
}

/** The world of a question: Wikipedia, which can be searched and read, and an answer that ends the episode. */
export function questionWorld(
  { question, answer }: QuestionWithAnswer,
  rules: QuestionRules,
  ask: AskPage,
): World {
  let reading: Reading | undefined;
  let last: Step | undefined;

  const lookUp = (words: string): Step => {
    if (reading === undefined) return seen(rules.nothingMore(false));
    const { matches, next, ...rest } = matching(reading, words);
    const sentence = matches[next];
    reading = { ...rest, matches, next: sentence === undefined ? next : next + 1 };
    if (sentence === undefined) return seen(rules.nothingMore(true));
    return seen(`(Result ${next + 1} / ${matches.length}) ${sentence}`);
  };

  const open = async (title: string): Promise<Step> => {
    const found = await search(title, rules, ask);
    if (found.code === "none") return seen(found.observation);
    reading = { sentences: found.sentences, matches: [], next: 0 };
    return seen(found.sentences.slice(0, SHOWN).join(" "));
  };

  const act: Readonly<Record<QuestionAction["kind"], (argument: string) => Step | Promise<Step>>> = {
    search: open,
    lookup: lookUp,
    finish: (given) => finished(given, answer),
    think: () => seen("Nice thought."),
  };

  return {
    reset: async (): Promise<Start> => ({
      observation: `Question: ${question}`,
      goal: `Find the answer to this question, and give it in as few words as possible: ${question}`,
    }),
    async step(action): Promise<Step> {
      if (last?.ending !== undefined) return last;
      const read = rules.readAction(action);
      last =
        read === undefined
          ? { observation: rules.refusal(action), scores: {}, understood: false }
          : await act[read.kind](read.argument);
      return last;
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

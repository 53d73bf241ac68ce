import type { Start, Step, World } from "../world.ts";
import type { Found, QuestionAction, QuestionRules } from "./rules.ts";
import { scoreAnswer } from "./score-answer.ts";

/** A question with the answer that counts. */
export interface QuestionWithAnswer {
  readonly question: string;
  readonly answer: string;
}

/** Where pages come from: the HTML that stands at an address, redirects followed. Rejects when it cannot be had. */
export type AskPage = (address: string) => Promise<string>;

/** How many sentences of a page are shown. */
const SHOWN = 5;
/** How many searches may be made in place of others; the original has no bound. */
const MOST_SEARCHES = 5;

/** What is open of a page. */
interface Reading {
  readonly sentences: readonly string[];
  readonly words?: string;
  readonly matches: readonly string[];
  readonly next: number;
}

async function search(title: string, rules: QuestionRules, ask: AskPage): Promise<Found> {
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

function lookUp(reading: Reading, words: string): Reading {
  if (reading.words === words) return reading;
  const wanted = words.toLowerCase();
  const matches = reading.sentences.filter((sentence) => sentence.toLowerCase().includes(wanted));
  return { ...reading, words, matches, next: 0 };
}

const NOTHING_OPEN: Reading = { sentences: [], matches: [], next: 0 };

/** The world of a question: Wikipedia, which can be searched and read, and an answer that ends the episode. */
export function questionWorld(
  { question, answer }: QuestionWithAnswer,
  rules: QuestionRules,
  ask: AskPage,
): World {
  let reading: Reading | undefined;
  let last: Step | undefined;

  const shown = (observation: string): Step => ({ observation, scores: {}, understood: true });

  const act = async ({ kind, argument }: QuestionAction): Promise<Step> => {
    if (kind === "think") return shown("Nice thought.");
    if (kind === "finish") {
      const scores = scoreAnswer(argument, answer);
      const observation = `Episode finished, reward = ${scores.em}\n`;
      return { observation, scores, ending: scores.em === 1 ? "success" : "failure", understood: true };
    }
    if (kind === "search") {
      const found = await search(argument, rules, ask);
      if (found.code !== "page") return shown("observation" in found ? found.observation : "");
      reading = { ...NOTHING_OPEN, sentences: found.sentences };
      return shown(found.sentences.slice(0, SHOWN).join(" "));
    }
    const before = reading;
    reading = lookUp(before ?? NOTHING_OPEN, argument);
    const { matches, next } = reading;
    const sentence = matches[next];
    if (sentence === undefined) {
      if (before === undefined) reading = undefined;
      return shown(rules.nothingMore(before !== undefined));
    }
    reading = { ...reading, next: next + 1 };
    return shown(`(Result ${next + 1} / ${matches.length}) ${sentence}`);
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
          : await act(read);
      return last;
    },
    actions: async () => ["search[", "lookup[", "finish[", "think["],
    [Symbol.asyncDispose]: async () => {},
  };
}

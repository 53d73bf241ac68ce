import type { Instruction, ReAct } from "../../react.ts";
import { type PlayedTurn, playedText } from "../guide.ts";
import type { Start } from "../world.ts";
import { questionWorld } from "./question-world.ts";
import type { QuestionRules } from "./rules.ts";

const WORLD =
  "An encyclopedia, Wikipedia, in which pages can be searched and read. Of a page its first sentences are shown; what else stands in it is found by looking words up. Most questions need two pages, of which the first tells what the second is about.";

const ACTIONS: Instruction["actions"] = [
  {
    name: "search[{title}]",
    description: "open the page with this title; if there is none, similar titles are shown",
  },
  {
    name: "lookup[{words}]",
    description: "show the next sentence of the open page that has these words in it",
  },
  {
    name: "finish[{answer}]",
    description:
      "give the answer, such as a name, a date, a number, yes or no, in as few words as possible; this ends the episode",
  },
];

const EXAMPLE = {
  question: "In which valley does the river rise beside which the painter Odile Marchetta was born?",
  answer: "Val Trenta",
};

function article(...paragraphs: readonly string[]): string {
  return `<div class="mw-parser-output">${paragraphs.map((text) => `<p>${text}\n</p>`).join("\n")}</div>`;
}

/** The encyclopedia of the worked example; none of it is Wikipedia's. */
const PAGES: readonly (readonly [title: RegExp, html: string])[] = [
  [
    /Marchetta/,
    article(
      "Odile Marchetta was a painter of ferries and their passengers. She was born in Bellarosa, beside the river Orsina, as the third child of a ferryman. Her pictures hang in the town hall.",
    ),
  ],
  [
    /Orsina/,
    article(
      "The Orsina is a river with four weirs and eleven bridges. It passes Bellarosa and reaches the sea near Porto Calmo.",
      "Its water is clear even in spring. Three of the weirs are mossy. Barges have not used it since a flood broke the fourth. Its source lies in the Val Trenta, below a chapel.",
    ),
  ],
];

const TURNS: readonly ReAct[] = [
  {
    thought: "I need the river first. The page about the painter should name the place where she was born.",
    action: "search[Odile Marchetta]",
  },
  {
    thought: "She was born beside the Orsina, so now I need to know where that river rises.",
    action: "search[Orsina]",
  },
  {
    thought: "What is shown says where it ends, not where it rises. I look for its source.",
    action: "lookup[source]",
  },
  { thought: "The Orsina rises in the Val Trenta, which is what was asked.", action: "finish[Val Trenta]" },
];

/** The worked example as the world plays it, so that what it shows is what is met. */
async function playExample(rules: QuestionRules): Promise<string> {
  const world = questionWorld(EXAMPLE, rules, async (address) => {
    const [, html = ""] = PAGES.find(([title]) => title.test(address)) ?? [];
    return html;
  });
  const start = await world.reset();
  const turns: PlayedTurn[] = [];
  for (const turn of TURNS) turns.push({ ...turn, observation: (await world.step(turn.action)).observation });
  return playedText(start, turns);
}

/** What players of HotpotQA are told in advance. */
export async function questionGuide(rules: QuestionRules): Promise<(start: Start) => Instruction> {
  const example = await playExample(rules);
  return ({ goal }) => ({ world: WORLD, goal, actions: ACTIONS, example });
}

import { describe, expect, test } from "vitest";
import { questionGuide } from "./guide.ts";
import { questionWorld } from "./question-world.ts";
import { LATS_RULES, PLAIN_RULES, type QuestionRules } from "./rules.ts";
import { article } from "./testing/wiki-server.ts";

const QUESTION = { question: "Which sea is the lighthouse of Dr. Pell beside?", answer: "the Amber Sea" };

const RESULTS = `<ul class="mw-search-results">${["It's one", 'Two "2"', "Three"]
  .map((title) => `<li><div class="mw-search-result-heading"><a>${title}</a></div></li>`)
  .join("")}</ul>`;

const PAGES: Readonly<Record<string, string>> = {
  Pell: article(
    'Dr. Pell (1801–1866) was a keeper of lights.<sup class="reference">[1]</sup> He lived on the U.S. side of St. Brand. He wrote a diary.',
    "The light is 30 m high. Nobody saw it. It is beside the Amber Sea.",
  ),
  Brand: article("Brand may refer to:", "x").replace(
    "<p>x\n</p>",
    "<ul><li><a>Brand (town)</a>, a town</li><li>Brand's Hill – a hill</li></ul>",
  ),
  "%5BBrand%5D": article("Brand is a town on the coast."),
  Brnad: RESULTS,
};

async function play(rules: QuestionRules, ...actions: readonly string[]): Promise<readonly string[]> {
  const asked: string[] = [];
  const world = questionWorld(QUESTION, rules, async (address) => {
    asked.push(address);
    return PAGES[address.replace("/w/index.php?search=", "")] ?? "";
  });
  await world.reset();
  const shown: string[] = [];
  for (const action of actions) {
    const { observation, ending, understood } = await world.step(action);
    shown.push([observation.trim(), ...(understood ? [] : ["?"]), ...(ending ? [ending] : [])].join(" | "));
  }
  return shown;
}

test("the original's rules cut at each full stop, read menus, and print lists as Python does", async () => {
  expect(
    await play(
      LATS_RULES,
      "search[Pell]",
      "lookup[Light]",
      "lookup[light]",
      "lookup[light]",
      "search[Brand]",
      "search[Brnad]",
      "lookup[zebra]",
    ),
  ).toEqual([
    "Dr. Pell (1801–1866) was a keeper of lights.[1] He lived on the U.S. side of St. Brand. He wrote a diary..",
    "(Result 1 / 2) Pell (1801–1866) was a keeper of lights.[1] He lived on the U.S.",
    "(Result 1 / 2) Pell (1801–1866) was a keeper of lights.[1] He lived on the U.S.",
    "(Result 2 / 2) The light is 30 m high.",
    "Brand is a town on the coast.. Main page of the menu.",
    `Could not find Brnad. Similar: ["It's one", 'Two "2"', 'Three'].`,
    "No more results.",
  ]);
});

test("the plain rules end no sentence at an abbreviation, and leave out what is no text", async () => {
  expect(
    await play(
      PLAIN_RULES,
      "Search[ Pell ]",
      "lookup[sea].",
      "search[Brand]",
      "search[Brnad]",
      "lookup[sea]",
      "search[]",
      "search[Nobody]",
    ),
  ).toEqual([
    "Dr. Pell (1801–1866) was a keeper of lights. He lived on the U.S. side of St. Brand. He wrote a diary. The light is 30 m high. Nobody saw it.",
    "(Result 1 / 1) It is beside the Amber Sea.",
    '"Brand" may refer to: Brand (town); Brand\'s Hill.',
    `There is no page "Brnad". Similar: It's one; Two "2"; Three.`,
    "No more results.",
    "Nothing was searched: search[] needs a title.",
    'There is no page "Nobody".',
  ]);
  expect(await play(PLAIN_RULES, "lookup[sea]")).toEqual(["No page is open: search for one first."]);
});

describe.each([
  ["the original's", LATS_RULES],
  ["the plain", PLAIN_RULES],
])("with %s rules", (_name, rules) => {
  test("an answer is right without article, case and punctuation, and ends the episode", async () => {
    expect(await play(rules, "finish[Amber sea!]", "search[Pell]")).toEqual([
      "Episode finished, reward = 1 | success",
      "Episode finished, reward = 1 | success",
    ]);
    expect(await play(rules, "think[hm]", "finish[]")).toEqual([
      "Nice thought.",
      "Episode finished, reward = 0 | failure",
    ]);
  });

  test.each(["", "finish", "search[Pell", "click[1]", "lookup[a] and more", "constructor[]"])(
    "%j is no action",
    async (action) => {
      const [shown] = await play(rules, action);
      expect(shown).toMatch(/ \| \?$/);
    },
  );

  test("the worked example is what the world shows", async () => {
    const { example = "", ...rest } = (await questionGuide(rules))({ goal: "G", observation: "O" });
    expect(example).toContain(
      "Action: lookup[source]\nObservation: (Result 1 / 1) Its source lies in the Val Trenta",
    );
    expect(example).toMatch(/Episode finished, reward = 1$/);
    expect(rest.actions.map(({ name }) => name)).toEqual([
      "search[{title}]",
      "lookup[{words}]",
      "finish[{answer}]",
    ]);
  });
});

test("pages that send on to themselves for ever are given up", async () => {
  let asked = 0;
  const world = questionWorld(QUESTION, LATS_RULES, async () => {
    asked += 1;
    return "<p>This name may refer to:</p>";
  });
  expect((await world.step("search[x]")).observation).toContain("Could not find [[[[[x]]]]]");
  expect(asked).toBe(5);
});

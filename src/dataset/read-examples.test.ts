import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FORMATS, isTrainable } from "./formats.ts";
import { readJsonRows } from "./read-data-file.ts";
import { type ReadExamplesOptions, readExamples } from "./read-examples.ts";
import { anyTrajectory } from "./testing/trajectories.ts";
import type { TrainingExample } from "./training-example.ts";
import { trainingExample } from "./training-example.ts";
import { jsonLine } from "./write-jsonl.ts";

async function read(
  text: string | readonly string[],
  options: Partial<ReadExamplesOptions> = {},
): Promise<{ readonly examples: readonly TrainingExample[]; readonly problems: readonly string[] }> {
  const examples: TrainingExample[] = [];
  const problems: string[] = [];
  const onProblem = (row: number, problem: string) => problems.push(`${row}: ${problem}`);
  const pieces = typeof text === "string" ? [text] : text;
  for await (const example of readExamples(
    readJsonRows(
      pieces.map((piece) => Buffer.from(piece)),
      "a.json",
    ),
    {
      name: "file",
      onProblem,
      ...options,
    },
  ))
    examples.push(example);
  return { examples, problems };
}

const messages = async (row: object) => (await read(JSON.stringify(row))).examples[0]?.messages;

describe("readExamples", () => {
  it("reads what the exports write", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyTrajectory,
        fc.constantFrom(FORMATS.conversations, FORMATS.messages),
        async (trajectory, format) => {
          const example = trainingExample("p1", trajectory);
          fc.pre(example !== undefined && isTrainable(example) && !JSON.stringify(example).includes("\\ud"));
          const line = format.rows(example!).map(jsonLine).join("");
          expect(await read(line)).toEqual({ examples: [example], problems: [] });
        },
      ),
    );
  });

  it("reads lines and arrays, however the text is cut into pieces", async () => {
    const rows = [1, 2, 3].map((id) => ({
      id: `r${id}`,
      messages: [
        { role: "user", content: 'a "{[" question' },
        { role: "assistant", content: "an \\ answer }]" },
      ],
    }));
    const expected = (await read(rows.map((row) => JSON.stringify(row)).join("\n"))).examples;
    expect(expected.map(({ id }) => id)).toEqual(["r1", "r2", "r3"]);
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.nat(300), fc.nat(300), async (indented, a, b) => {
        const text = `\ufeff${JSON.stringify(rows, null, indented ? 2 : 0)}\n`;
        const cut = [a, b].sort((x, y) => x - y);
        const pieces = [text.slice(0, cut[0]), text.slice(cut[0], cut[1]), text.slice(cut[1])];
        expect((await read(pieces)).examples).toEqual(expected);
      }),
    );
  });

  it("reads the baselines with their masks", async () => {
    const agentInstruct = {
      id: "os_1",
      conversations: [
        { from: "human", loss: null, value: "Do it." },
        { from: "gpt", loss: false, value: "OK" },
        { from: "human", loss: null, value: "Seen." },
        { from: "gpt", loss: true, value: "Thought: done" },
      ],
    };
    expect((await messages(agentInstruct))?.map(({ loss }) => loss)).toEqual([null, false, null, true]);
    const agentFlan = {
      conversation: [
        { role: "system", content: "You are an agent." },
        { role: "user", content: "Go.", loss: false },
        { role: "assistant", content: "I go.", loss: true },
      ],
    };
    expect(await messages(agentFlan)).toEqual([
      { role: "user", content: "You are an agent.\n\nGo.", loss: null },
      { role: "assistant", content: "I go.", loss: true },
    ]);
  });

  it("reads ShareGPT rows that begin with an answer and end with a question", async () => {
    const conversations = [
      { from: "gpt", value: "Continued" },
      { from: "human", value: "One" },
      { from: "human", value: "Two" },
      { from: "gpt", value: "Answer" },
      { from: "human", value: "Thanks" },
    ];
    expect(await messages({ id: 7, conversations })).toEqual([
      { role: "user", content: "One\n\nTwo", loss: null },
      { role: "assistant", content: "Answer", loss: true },
    ]);
  });

  it("reads alpaca with its history", async () => {
    const row = {
      instruction: "Add.",
      input: "1 2",
      output: "3",
      history: [["Hi", "Hello"]],
      system: "Be brief.",
    };
    expect((await messages(row))?.map(({ content }) => content)).toEqual([
      "Be brief.\n\nHi",
      "Hello",
      "Add.\n\n1 2",
      "3",
    ]);
  });

  it("leaves out the rows of an environment", async () => {
    const ids = ["alfworld_12", "react-sciworld-3", "webshop_1", "scienceworlds", "17"];
    const text = ids
      .map((id) =>
        JSON.stringify({
          item_id: id,
          messages: [
            { role: "user", content: "a" },
            { role: "assistant", content: "b" },
          ],
        }),
      )
      .join("\n");
    const excluded: string[] = [];
    const { examples } = await read(text, {
      excludeEnvironment: ["AlfWorld", "ScienceWorld"],
      onExcluded: (environment) => excluded.push(environment),
    });
    expect(excluded).toEqual(["AlfWorld", "ScienceWorld"]);
    expect(examples.map(({ id }) => id)).toEqual(["webshop_1", "scienceworlds", "17"]);
  });

  it("says what is wrong with rows that it cannot use", async () => {
    const rows = [
      "{}",
      '{"messages":[{"role":"wizard","content":"a"}]}',
      '{"messages":[{"role":"user","content":5}]}',
      '{"messages":[{"role":"user","content":"a"}]}',
      '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":" "}]}',
      '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","loss":true},{"role":"assistant","content":"c","loss":false}]}',
      '{"messages":[1]}',
      '{"messages":[{"role":{"toString":1},"content":"a"}]}',
      '{"messages":[{"content":"a"}]}',
      "{'python': 1}",
    ];
    const { examples, problems } = await read(rows.join("\n"));
    expect(examples).toEqual([]);
    expect(problems).toEqual([
      "1: has neither conversations nor messages nor an instruction and an output",
      '2: the role "wizard" is not known',
      "3: a message has no text",
      "4: has no question with an answer",
      "5: an answer is empty",
      "6: two answers in a row differ in their loss",
      "7: a message is not an object",
      "8: a message has a role that is not a text",
      "9: a message has no role",
      "10: is not JSON",
    ]);
  });
});

import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anyTrajectory, bakeryTrajectory } from "../dataset/testing/trajectories.ts";
import type { TrainingExample } from "../dataset/training-example.ts";
import { trainingExample } from "../dataset/training-example.ts";
import { SHARED } from "../testing/shared.ts";
import { openTemplate, type TemplateName } from "./template.ts";
import { tinyTokenizer, writeTokenizer } from "./testing/tiny-tokenizer.ts";
import { openTokenizer } from "./text-tokenizer.ts";
import {
  type OpenJob,
  openJob,
  type TokenizeJob,
  tokenizeExample,
  tokenizeExamples,
} from "./tokenize-example.ts";
import {
  addTokenized,
  IGNORED,
  NOTHING_TOKENIZED,
  supervisedSpans,
  type TokenizedRow,
} from "./tokenized-row.ts";
import { readTokenizerFolder, type TokenizerFolder } from "./tokenizer-folder.ts";

const TOKENIZERS = `${SHARED}/tokenizers/`;
const bakery = trainingExample("p1", bakeryTrajectory)!;

function settings(folder: TokenizerFolder, template: TemplateName, maxTokens = 8192): OpenJob {
  const tokenizer = openTokenizer(folder);
  return { folder, tokenizer, template: openTemplate(template, folder, tokenizer), maxTokens };
}

function row(example: TrainingExample, using: OpenJob): TokenizedRow {
  const tokenized = tokenizeExample(example, using);
  if (tokenized.code !== "row") throw new Error(`no row: ${JSON.stringify(tokenized)}`);
  return tokenized.row;
}

function trained(example: TrainingExample, using: OpenJob): readonly string[] {
  return supervisedSpans(row(example, using), using.tokenizer)
    .filter(({ isSupervised }) => isSupervised)
    .map(({ text }) => text);
}

function check(example: TrainingExample, using: OpenJob, end: string): void {
  const answers = example.messages.filter(({ loss }) => loss).map(({ content }) => content + end);
  const { ids, labels } = row(example, using);
  expect(trained(example, using).map((text) => text.trimStart())).toEqual(answers);
  expect([...labels].filter((label, place) => label !== IGNORED && label !== ids[place])).toEqual([]);
  expect([...ids]).toEqual(using.tokenizer.encode(using.tokenizer.decode([...ids])));
}

const anyExample = anyTrajectory
  .map((trajectory) => trainingExample("p1", trajectory))
  .filter((example): example is TrainingExample => example?.messages.some(({ loss }) => loss) ?? false)
  .filter((example) => JSON.stringify(example).isWellFormed() && !/\\u[dD]/.test(JSON.stringify(example)));

describe("tokenizeExample with a tiny tokenizer", () => {
  const tiny = tinyTokenizer();

  it("trains correct answers with their end-of-turn token and nothing else", () => {
    check(bakery, settings(tiny, "llama3"), "<|eot_id|>");
    check(bakery, settings(tiny, "qwen"), "<|im_end|>");
    check(bakery, settings(tiny, "tokenizer"), "<|im_end|>");
  });

  it("does so for any example, and never trains a token of an error turn", () => {
    const using = settings(tiny, "llama3");
    fc.assert(
      fc.property(anyExample, (example) => {
        const answers = example.messages
          .filter(({ loss }) => loss)
          .map(({ content }) => `${content}<|eot_id|>`);
        expect(trained(example, using)).toEqual(answers);
      }),
    );
  });

  it("gives the same tokens by our Qwen template and by the same one in Jinja", () => {
    expect(row(bakery, settings(tiny, "qwen"))).toEqual(row(bakery, settings(tiny, "tokenizer")));
  });

  it("follows templates whose text depends on what is said", () => {
    const odd =
      "{% for m in messages %}{% if 'bin' in m.content and m.role == 'user' %}{{ 'A bin! ' }}{% endif %}" +
      "{{ '<|im_start|>' + m.role + ' ' + m.content + '<|im_end|>' }}{% endfor %}" +
      "{% if add_generation_prompt %}{{ '<|im_start|>assistant ' }}{% endif %}";
    const using = settings(tinyTokenizer({ chatTemplate: odd }), "tokenizer");
    check(bakery, using, "<|im_end|>");
    expect(using.tokenizer.decode([...row(bakery, using).ids])).toContain(
      "A bin! <|im_start|>user The bin is locked",
    );
  });

  it("ends rows on a trained turn", () => {
    const messages = [
      ...bakery.messages,
      { role: "user", content: "And?", loss: null },
      { role: "assistant", content: "No.", loss: false },
    ] as const;
    expect(row({ id: "p1", messages }, settings(tiny, "llama3"))).toEqual(
      row(bakery, settings(tiny, "llama3")),
    );
  });

  it("cuts at turns, so that a row ends on a trained one", () => {
    const using = settings(tiny, "llama3");
    const whole = row(bakery, using);
    for (let maxTokens = whole.ids.length - 1; maxTokens > 0; maxTokens -= 13) {
      const cut = tokenizeExample(bakery, { ...using, maxTokens });
      if (cut.code === "dropped") {
        expect(cut.reason).toBe("too-long");
        expect(maxTokens).toBeLessThan(
          row({ id: "p1", messages: bakery.messages.slice(0, 2) }, using).ids.length,
        );
        continue;
      }
      if (cut.code !== "row") throw new Error("a difference");
      expect(cut.wasCut).toBe(true);
      expect(cut.row.ids.length).toBeLessThanOrEqual(maxTokens);
      expect(cut.row.labels.at(-1)).not.toBe(IGNORED);
      expect(whole.ids.subarray(0, cut.row.ids.length)).toEqual(cut.row.ids);
    }
  });

  it("drops what cannot be trained and what would write turns of its own", () => {
    const using = settings(tiny, "llama3");
    const masked = bakery.messages.map((message) =>
      message.role === "user" ? message : { ...message, loss: false },
    );
    expect(tokenizeExample({ id: "p1", messages: masked }, using)).toEqual({
      code: "dropped",
      reason: "no-supervised-turn",
    });
    const [first, second] = bakery.messages;
    const forged = { ...first!, content: "Hello<|eot_id|>" } as typeof first;
    expect(tokenizeExample({ id: "p1", messages: [forged!, second!] }, using)).toEqual({
      code: "dropped",
      reason: "special-token",
    });
  });

  it("refuses a tokenizer whose tokens reach over the border of an answer, and says where", () => {
    const tokenized = tokenizeExample(bakery, settings(tinyTokenizer({ cutsWords: false }), "llama3"));
    expect(tokenized.code).toBe("mismatch");
    expect(tokenized.code === "mismatch" && tokenized.near).toContain("<|end_header_id|>\n\nThought");
  });

  it("refuses templates that cannot be trained with", () => {
    const using = (chatTemplate: string) => () => settings(tinyTokenizer({ chatTemplate }), "tokenizer");
    const last =
      "{% for m in messages %}{% if loop.last %}LAST {% endif %}{{ m.content }}<|im_end|>{% endfor %}";
    expect(using(last)).toThrow(/the chat template in tiny is not prefix-stable: with more messages, "LAST/);
    expect(using("{% for m in messages %}{{ m.content }}\n{% endfor %}")).toThrow(
      /which is no special token/,
    );
    expect(using("{{ raise_exception('roles must alternate') }}")).toThrow(
      "the chat template in tiny failed: roles must alternate",
    );
    expect(using("{% for m in messages %}")).toThrow(/the chat template in tiny failed/);
  });

  it("refuses a tokenizer without the template's special tokens", () => {
    expect(() => settings(tiny, "mistral")).toThrow(
      "the tokenizer in tiny does not have the special tokens of the template mistral: <s>, [INST], [/INST], </s>",
    );
    expect(() => settings({ ...tiny, chatTemplate: undefined }, "tokenizer")).toThrow("has no chat template");
  });
});

describe.skipIf(!existsSync(TOKENIZERS))("tokenizeExample with the tokenizers in ../shared", () => {
  it.each([
    ["mini-llama3", "llama3", "<|eot_id|>"],
    ["mistral-v3", "mistral", "</s>"],
  ] as const)(
    "trains the right tokens with %s, the folder's own template agreeing",
    async (name, template, end) => {
      const folder = await readTokenizerFolder(`${TOKENIZERS}${name}`);
      check(bakery, settings(folder, template), end);
      expect(row(bakery, settings(folder, "tokenizer"))).toEqual(row(bakery, settings(folder, template)));
    },
  );
});

describe("tokenizeExamples", () => {
  let folder = "";
  let job: TokenizeJob;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "agentrefine-tokenize-"));
    await writeTokenizer(folder, tinyTokenizer());
    job = { tokenizer: folder, template: "llama3", maxTokens: 1200 };
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Examples of which no two are equal, some too long, some masked. */
  function* examples(count: number): Generator<TrainingExample> {
    for (let number = 0; number < count; number += 1) {
      const words = `${number} `.repeat(number % 90);
      const messages = bakery.messages.map((message, place) =>
        message.role === "user"
          ? { ...message, content: place === 0 ? `Begin ${number}` : `${message.content} ${words}`.trim() }
          : { ...message, loss: message.loss && number % 10 !== 0 },
      );
      yield { id: `r${number}`, messages };
    }
  }

  it("gives each example in order, and counts it", async () => {
    let tally = NOTHING_TOKENIZED;
    for await (const each of tokenizeExamples(examples(300), await openJob(job))) {
      tally = addTokenized(tally, each);
    }
    expect(tally.rows + tally.dropped["no-supervised-turn"] + tally.dropped["too-long"]).toBe(300);
    expect(tally.dropped["no-supervised-turn"]).toBe(30);
    expect(tally.cut).toBeGreaterThan(0);
    expect(tally.cut).toBeLessThan(tally.rows);
    expect(tally.longest).toBeLessThanOrEqual(1200);
    expect(tally.supervised).toBeLessThan(tally.tokens);
  });

  it("passes on what a template refuses in one row only", async () => {
    const stable = "{% for m in messages %}{{ m.content }}<|im_end|>{% endfor %}";
    const fails = `{% if 'Begin 60' in messages[0].content %}{{ raise_exception('not this one') }}{% endif %}${stable}`;
    const path = join(folder, "fails");
    await writeTokenizer(path, tinyTokenizer({ chatTemplate: fails }));
    const opened = await openJob({ ...job, tokenizer: path, template: "tokenizer" });
    const work = async () => {
      for await (const _each of tokenizeExamples(examples(70), opened));
    };
    await expect(work()).rejects.toMatchObject({
      message: expect.stringContaining("not this one"),
      fix: expect.stringContaining("'template'"),
    });
  });

  it("says which row cannot be tokenised, and where", async () => {
    const path = join(folder, "glue");
    await writeTokenizer(path, tinyTokenizer({ cutsWords: false }));
    const opened = await openJob({ ...job, tokenizer: path });
    const work = async () => {
      for await (const _each of tokenizeExamples([bakery], opened));
    };
    await expect(work()).rejects.toThrow(/^in row p1, context and answer share a token near ".*Thought/);
  });
});

import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trainingExample } from "../dataset/from-trajectory.ts";
import { bakeryTrajectory } from "../dataset/testing/trajectories.ts";
import type { TrainingExample } from "../dataset/training-example.ts";
import { AgentRefineError } from "../errors.ts";
import { tinyTokenizer, writeTokenizer } from "./testing/tiny-tokenizer.ts";
import { tokenizeExamples } from "./tokenize-examples.ts";
import type { TokenizeJob } from "./tokenize-job.ts";
import { addTokenized, NOTHING_TOKENIZED, type Tokenized } from "./tokenized-row.ts";

const bakery = trainingExample("p1", bakeryTrajectory)!;
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

async function all(count: number, workers: number): Promise<readonly Tokenized[]> {
  const tokenized: Tokenized[] = [];
  for await (const each of tokenizeExamples(examples(count), job, workers)) tokenized.push(each);
  return tokenized;
}

/** Comparing arrays of a million numbers one by one takes seconds. */
function digest(tokenized: readonly Tokenized[]): string {
  const hash = createHash("sha256");
  for (const each of tokenized) {
    hash.update(JSON.stringify(each.code === "row" ? each.wasCut : each));
    if (each.code === "row") hash.update(each.row.ids).update("labels").update(each.row.labels);
  }
  return hash.digest("hex");
}

describe("tokenizeExamples", () => {
  it("gives the same in worker threads, in the same order, and counts it", async () => {
    const alone = await all(700, 0);
    expect(alone).toHaveLength(700);
    expect(digest(await all(700, 2))).toBe(digest(alone));
    const tally = alone.reduce(addTokenized, NOTHING_TOKENIZED);
    expect(tally.rows + tally.dropped["no-supervised-turn"] + tally.dropped["too-long"]).toBe(700);
    expect(tally.dropped["no-supervised-turn"]).toBe(70);
    expect(tally.cut).toBeGreaterThan(0);
    expect(tally.cut).toBeLessThan(tally.rows);
    expect(tally.longest).toBeLessThanOrEqual(1200);
    expect(tally.supervised).toBeLessThan(tally.tokens);
  });

  it("passes on what a worker refuses", async () => {
    const stable = "{% for m in messages %}{{ m.content }}<|im_end|>{% endfor %}";
    const fails = `{% if 'Begin 600' in messages[0].content %}{{ raise_exception('not this one') }}{% endif %}${stable}`;
    const path = join(folder, "fails");
    await writeTokenizer(path, tinyTokenizer({ chatTemplate: fails }));
    const work = async () => {
      for await (const _each of tokenizeExamples(
        examples(700),
        { ...job, tokenizer: path, template: "tokenizer" },
        2,
      ));
    };
    const error = await work().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AgentRefineError);
    expect((error as AgentRefineError).message).toContain("not this one");
    expect((error as AgentRefineError).fix).toContain("--template");
  });

  it("stops its workers when nobody wants more", async () => {
    let seen = 0;
    for await (const _each of tokenizeExamples(examples(2000), job, 1)) {
      seen += 1;
      if (seen === 600) break;
    }
    expect(seen).toBe(600);
  });

  it("says which row cannot be tokenised, and where", async () => {
    const path = join(folder, "glue");
    await writeTokenizer(path, tinyTokenizer({ cutsWords: false }));
    const work = async () => {
      for await (const _each of tokenizeExamples([bakery], { ...job, tokenizer: path }, 0));
    };
    await expect(work()).rejects.toThrow(/^in row p1, context and answer share a token near ".*Thought/);
  });
});

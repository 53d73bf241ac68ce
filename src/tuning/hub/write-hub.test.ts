import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { conversationRow } from "../../dataset/formats/conversations.ts";
import { trainingExample } from "../../dataset/from-trajectory.ts";
import { bakeryTrajectory } from "../../dataset/testing/trajectories.ts";
import { addErrorRuns, NO_ERROR_RUNS } from "../../trajectory/error-runs.ts";
import type { HubCard } from "./hub-card.ts";
import { type WriteHubOptions, writeHub } from "./write-hub.ts";

const bakery = trainingExample("p1", bakeryTrajectory)!;
const personas = { name: "a list of our own", licence: "CC0-1.0" };
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentrefine-hub-"));
});
afterEach(() => rm(folder, { recursive: true }));

function card(rows: number): HubCard {
  return {
    title: "bakeries",
    licence: "apache-2.0",
    rows,
    model: "gpt-4o",
    settings: [
      ["seed", "1"],
      ["a | trap", "x\n## not a heading <b>"],
    ],
    personas,
    errorRuns: addErrorRuns(NO_ERROR_RUNS, bakeryTrajectory.turns),
  };
}

const options = (): WriteHubOptions => ({
  examples: [bakery, { ...bakery, id: "p2" }],
  out: join(folder, "hub"),
  personaOf: () => personas,
  card: async (rows) => card(rows),
});

async function rowsOf(name: string): Promise<readonly Record<string, unknown>[]> {
  const bytes = new Uint8Array(await readFile(join(folder, "hub", "data", name))).buffer;
  return parquetReadObjects({ file: bytes });
}

describe("writeHub", () => {
  it("writes several files when the rows are many, in their order", async () => {
    const examples = Array.from({ length: 7 }, (_unused, number) => ({ ...bakery, id: `p${number}` }));
    const bytes = bakery.messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
    const shards = async (shardBytes: number) => {
      expect(await writeHub({ ...options(), examples, shardBytes, replace: true })).toBe(7);
      const names = (await readdir(join(folder, "hub", "data"))).sort();
      return Promise.all(names.map(async (name) => [name, (await rowsOf(name)).map(({ id }) => id)]));
    };
    expect(await shards(3 * bytes)).toEqual([
      ["train-00000-of-00003.parquet", ["p0", "p1", "p2"]],
      ["train-00001-of-00003.parquet", ["p3", "p4", "p5"]],
      ["train-00002-of-00003.parquet", ["p6"]],
    ]);
    expect(await shards(7 * bytes)).toHaveLength(1);
    expect(await shards(1)).toHaveLength(7);
  });

  it("writes the rows in the published schema with the origin of each persona", async () => {
    expect(await writeHub(options())).toBe(2);
    expect(await rowsOf("train-00000-of-00001.parquet")).toEqual(
      ["p1", "p2"].map((id) => ({
        ...conversationRow({ ...bakery, id }),
        persona_source: "a list of our own",
        persona_license: "CC0-1.0",
      })),
    );
  });

  it("writes a card that people and the hub can read", async () => {
    await writeHub(options());
    expect(await readFile(join(folder, "hub", "README.md"), "utf8")).toMatchInlineSnapshot(`
      "---
      pretty_name: "bakeries"
      license: "apache-2.0"
      task_categories:
      - text-generation
      tags:
      - agent
      - synthetic
      - agentrefine
      size_categories:
      - n<1K
      dataset_info:
        features:
        - name: id
          dtype: string
        - name: conversations
          list:
          - name: from
            dtype: string
          - name: loss
            dtype: bool
          - name: value
            dtype: string
        - name: persona_source
          dtype: string
        - name: persona_license
          dtype: string
      configs:
      - config_name: default
        data_files:
        - split: train
          path: data/train-*
      ---

      # bakeries

      Refinement-tuning data in the manner of AgentRefine (ICLR 2025): a model plays a dungeon master and a player in a
      world made for a persona; the player makes mistakes, sees them in the observations and puts them right; every
      trajectory passed the verifier (Algorithm 1 of the paper).

      ## Rows

      2 rows. \`id\` is the persona's; \`conversations\` alternates between \`human\` (instruction and observations)
      and \`gpt\` (thought and action). \`loss\` is null for \`human\`, true for correct turns of \`gpt\` and false for error
      turns, which are context and must not be trained (Eq. 1). \`persona_source\` and \`persona_license\` tell where the
      persona comes from.

      ## Error turns

      1 trajectories with 5 player turns. Error turns in a row:

      | in a row | times | error turns | share of player turns |
      |---|---|---|---|
      | 1 | 0 | 0 | 0.0 % |
      | 2 | 1 | 2 | 40.0 % |
      | 3 | 0 | 0 | 0.0 % |
      | \\>3 | 0 | 0 | 0.0 % |

      ## Origin

      - written by: gpt-4o
      - seed: 1
      - a \\| trap: x ## not a heading \\<b\\>
      - personas: a list of our own, licence: CC0-1.0

      ## Training

      Many engines read such rows and ignore \`loss\`; they then train on the error turns, which the paper's Table 2 shows
      to harm. Other formats are made from this data by \`agentrefine export\`.

      | engine | train on | settings |
      |---|---|---|
      | LLaMA-Factory | format \`hf-disk\` | tokenized_path: DIR, dataset: any non-empty name, template: the one that was exported with; cutoff_len and packing have no effect on it |
      | LLaMA-Factory v1 engine (USE_V1=1) | format \`llamafactory-v1\` | no converter; the tokenizer's chat template must be prefix-stable |
      | TRL SFTTrainer | format \`hf-disk\` | load_from_disk(DIR)["train"], max_length at least the longest row; labels are used as they are, from version 0.20 on |
      | axolotl | format \`messages\` | message_field_training: train, ds_type: json, type: chat_template, field_messages: messages, message_property_mappings {role: role, content: content}, roles_to_train: ["assistant"], train_on_eos: turn, train_on_inputs: false; a base model has no chat template, so that one of the Llama 3 family needs chat_template: llama3 and eot_tokens: ["\\<\\|eot_id\\|\\>"] as well |
      | ms-swift | this data as it is | --loss_scale default, version 4.2 or newer |
      | Unsloth | format \`tokenized-parquet\` | load_dataset("parquet", data_files=FILE, split="train"); do not call train_on_responses_only |
      | NeMo-RL | format \`prefix\` | sft.only_unmask_final: true |
      | oumi | format \`prefix\` | collator text_completions_only_with_padding, train_target: final_assistant_turn |
      | torchtune | format \`prefix\` | chat_dataset, conversation_column: messages, conversation_style: openai, masking_strategy: train_on_last |
      | verl | format \`tokenized-parquet\` | data.custom_cls: a dataset class of your own that returns the three columns |
      | mistral-finetune | format \`openai\` | none beside the model's own |
      | OpenAI fine-tuning | format \`openai\` | none; files up to 512 MB; closed to new users |
      | Azure OpenAI fine-tuning | format \`openai\` | none; files up to 512 MB; check first that weight is obeyed, which is inferred from OpenAI's own service |
      | Together | format \`tokenized-parquet\` | the tokenizer and template of the model that is trained |
      | Fireworks | format \`openai\` | none; check first that a message of weight 0 stays in the context, which is not documented |
      "
    `);
  });

  it("leaves nothing behind when it fails", async () => {
    await expect(writeHub({ ...options(), examples: [] })).rejects.toThrow("there is no row to publish");
    expect(await readdir(folder)).toEqual([]);
    await writeHub(options());
    await expect(writeHub(options())).rejects.toThrow("exists already");
    await expect(writeHub({ ...options(), replace: true })).resolves.toBe(2);
    expect(await readdir(folder)).toEqual(["hub"]);
  });
});

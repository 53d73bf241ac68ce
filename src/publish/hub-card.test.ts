import { describe, expect, it } from "vitest";
import { bakeryTrajectory } from "../dataset/testing/trajectories.ts";
import { addErrorRuns, NO_ERROR_RUNS } from "../trajectory/trajectory.ts";
import { hubCard } from "./hub-card.ts";

describe("hubCard", () => {
  it("is a card that people and the hub can read", () => {
    const card = hubCard({
      title: "bakeries",
      licence: "apache-2.0",
      rows: 2,
      model: "gpt-4o",
      settings: [
        ["seed", "1"],
        ["a | trap", "x\n## not a heading <b>"],
      ],
      personas: { name: "a list of our own", licence: "CC0-1.0" },
      errorRuns: addErrorRuns(NO_ERROR_RUNS, bakeryTrajectory.turns),
      sample: { id: "p1", conversations: [{ from: "human", loss: null, value: `Go.\n${"x".repeat(500)}` }] },
    });
    expect(card).toMatchInlineSnapshot(`
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
      persona comes from. The first one, its texts and its turns cut:

      ~~~~json
      {
        "id": "p1",
        "conversations": [
          {
            "from": "human",
            "loss": null,
            "value": "Go.\\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…"
          }
        ]
      }
      ~~~~

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
      to harm. In the folder of this data set,

          agentrefine mix train.jsonl --agent . --engine NAME

      writes the format that an engine obeys, and refuses the others; the tokenised ones also need \`--tokenizer DIR\` and
      \`--template NAME\`, and \`hf-disk\` a name without an ending.

      | engine | \`NAME\` | train on | settings |
      |---|---|---|---|
      | LLaMA-Factory | \`llamafactory\` | format \`hf-disk\` | tokenized_path: DIR, dataset: any non-empty name, template: the one that was exported with; cutoff_len and packing have no effect on it |
      | LLaMA-Factory v1 engine (USE_V1=1) | \`llamafactory-v1\` | format \`llamafactory-v1\` | no converter; the tokenizer's chat template must be prefix-stable |
      | TRL SFTTrainer | \`trl\` | format \`hf-disk\` | load_from_disk(DIR)["train"], max_length at least the longest row; labels are used as they are, from version 0.20 on |
      | axolotl | \`axolotl\` | format \`messages\` | message_field_training: train, ds_type: json, type: chat_template, field_messages: messages, message_property_mappings {role: role, content: content}, roles_to_train: ["assistant"], train_on_eos: turn, train_on_inputs: false; a base model has no chat template, so that one of the Llama 3 family needs chat_template: llama3 and eot_tokens: ["\\<\\|eot_id\\|\\>"] as well |
      | ms-swift | \`ms-swift\` | this data as it is | --loss_scale default, version 4.2 or newer |
      | Unsloth | \`unsloth\` | format \`tokenized-parquet\` | load_dataset("parquet", data_files=FILE, split="train"); do not call train_on_responses_only |
      | NeMo-RL | \`nemo-rl\` | format \`prefix\` | sft.only_unmask_final: true |
      | oumi | \`oumi\` | format \`prefix\` | collator text_completions_only_with_padding, train_target: final_assistant_turn |
      | torchtune | \`torchtune\` | format \`prefix\` | chat_dataset, conversation_column: messages, conversation_style: openai, masking_strategy: train_on_last |
      | verl | \`verl\` | format \`tokenized-parquet\` | data.custom_cls: a dataset class of your own that returns the three columns |
      | mistral-finetune | \`mistral-finetune\` | format \`openai\` | none beside the model's own |
      | OpenAI fine-tuning | \`openai\` | format \`openai\` | none; files up to 512 MB; closed to new users |
      | Azure OpenAI fine-tuning | \`azure-openai\` | format \`openai\` | none; files up to 512 MB; check first that weight is obeyed, which is inferred from OpenAI's own service |
      | Together | \`together\` | format \`tokenized-parquet\` | the tokenizer and template of the model that is trained |
      | Fireworks | \`fireworks\` | format \`openai\` | none; check first that a message of weight 0 stays in the context, which is not documented |

      ## Citation

      The method is that of

      \`\`\`bibtex
      @inproceedings{fu2025agentrefine,
        title={AgentRefine: Enhancing Agent Generalization through Refinement Tuning},
        author={Dayuan Fu and Keqing He and Yejie Wang and Wentao Hong and Zhuoma Gongque and Weihao Zeng and Wei Wang and Jingang Wang and Xunliang Cai and Weiran Xu},
        booktitle={International Conference on Learning Representations},
        year={2025}
      }
      \`\`\`
      "
    `);
  });
});

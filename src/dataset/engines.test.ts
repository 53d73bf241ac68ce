import { describe, expect, it } from "vitest";
import { AgentRefineError } from "../errors.ts";
import {
  ENGINE_NAMES,
  ENGINES,
  type EngineName,
  engineVerdict,
  mistrainers,
  requireEngine,
} from "./engines.ts";
import { exportGuide } from "./export-guide.ts";
import { type ExampleFormatName, FORMAT_NAMES } from "./formats.ts";

const NAMES = ENGINE_NAMES;
const EXPORTS = FORMAT_NAMES.filter((name): name is ExampleFormatName => name !== "trajectories");

function refusal(engine: EngineName, format: ExampleFormatName): AgentRefineError {
  try {
    requireEngine(engine, format);
  } catch (error) {
    if (error instanceof AgentRefineError) return error;
  }
  throw new Error("not refused");
}

describe("ENGINES", () => {
  it.each(NAMES)("%s is sent to a format that it obeys", (name) => {
    const { use, obeys, unconfirmed, mistrains } = ENGINES[name];
    expect({ ...obeys, ...unconfirmed }[use]).toBeDefined();
    expect(Object.keys({ ...obeys, ...unconfirmed }).filter((format) => format in mistrains)).toEqual([]);
  });

  it("does not promise what is not confirmed", () => {
    expect(engineVerdict(ENGINES["azure-openai"], "openai").code).toBe("unconfirmed");
    expect(engineVerdict(ENGINES.fireworks, "openai").code).toBe("unconfirmed");
  });

  it.each(EXPORTS)("%s is read rightly by some engine", (format) => {
    expect(NAMES.some((name) => engineVerdict(ENGINES[name], format).code === "obeys")).toBe(true);
  });
});

describe("requireEngine", () => {
  it("gives the settings of a format that the engine obeys", () => {
    expect(requireEngine("axolotl", "messages")).toContain("message_field_training: train");
    expect(requireEngine("trl", "hf-disk")).toContain('load_from_disk(DIR)["train"]');
    expect(requireEngine("unsloth", "tokenized-parquet")).toContain('data_files=FILE, split="train"');
    expect(requireEngine("nemo-rl", "prefix")).toBe("sft.only_unmask_final: true");
    expect(requireEngine("fireworks", "openai")).toContain("check first");
    expect(refusal("fireworks", "messages").fix).toContain("check first");
  });

  it("refuses a format whose mask the engine ignores and names the one to use", () => {
    const error = refusal("llamafactory", "conversations");
    expect(error.message).toBe(
      "LLaMA-Factory would train on error turns with the format conversations: it copies role and content only " +
        "and trains on every assistant turn",
    );
    expect(error.fix).toMatch(/^Use 'format' hf-disk \(in LLaMA-Factory: tokenized_path: DIR/);
    expect(refusal("trl", "messages").message).toContain("would train on error turns");
  });

  it("refuses a format that the engine cannot read", () => {
    expect(refusal("openai", "hf-disk").message).toBe("OpenAI fine-tuning does not read the format hf-disk");
  });
});

describe("mistrainers", () => {
  it("are those that would train on the mistakes", () => {
    expect(mistrainers("conversations")).toContain("LLaMA-Factory");
    expect(mistrainers("conversations")).not.toContain("ms-swift");
    expect(mistrainers("hf-disk")).toEqual([]);
  });
});

describe("exportGuide", () => {
  it("does not say exactly where engines train a line feed as well", () => {
    for (const format of ["prefix", "prompt-completion"] as const) {
      const guide = exportGuide({ format, files: ["x.jsonl"], facts: [] });
      expect(guide).toContain("train that one token a row beyond Eq. 1");
      expect(guide).not.toContain("exactly Eq. 1");
    }
  });

  it("sets apart what is not confirmed", () => {
    const guide = exportGuide({ format: "openai", files: ["train.jsonl"], facts: [] });
    const [confirmed, unconfirmed] = guide.split("## Not confirmed");
    expect(confirmed).toContain("- **OpenAI fine-tuning**");
    expect(confirmed).not.toMatch(/Azure|Fireworks/);
    expect(unconfirmed).toMatch(/Azure.+\n.+Fireworks/);
  });

  it("does not speak of Eq. 1 where an ablation trains something else", () => {
    for (const format of EXPORTS) {
      const guide = exportGuide({ format, files: ["x"], facts: [], warning: "An ablation." });
      expect(guide).toMatch(/^> \*\*An ablation\.\*\*\n\n# /);
      expect(guide).not.toMatch(/train Eq\. 1|exactly|never trained|correct assistant turns/);
      expect(guide).toContain("## Engines that train this ablation from it, and their settings");
    }
  });

  it("says who trains Eq. 1 from the data and who would not", () => {
    const guide = exportGuide({
      format: "messages",
      files: ["train.jsonl"],
      facts: [["rows", "32000"]],
    });
    expect(guide).toMatchInlineSnapshot(`
      "# Refinement-tuning data, format \`messages\`

      Files: \`train.jsonl\`

      \`train\` and \`loss\` are true on correct assistant turns and false on error turns. Error turns stay in the context and are never trained (AgentRefine, Eq. 1).

      ## What is in it

      - rows: 32000

      ## Engines that train exactly Eq. 1 from it, and their settings

      - **axolotl**: message_field_training: train, ds_type: json, type: chat_template, field_messages: messages, message_property_mappings {role: role, content: content}, roles_to_train: ["assistant"], train_on_eos: turn, train_on_inputs: false; a base model has no chat template, so that one of the Llama 3 family needs chat_template: llama3 and eot_tokens: ["<|eot_id|>"] as well
      - **ms-swift**: --loss_scale default, version 4.2 or newer

      ## Do not use it with

      - **LLaMA-Factory**: it copies role and content only and trains on every assistant turn. Use \`hf-disk\`.
      - **TRL SFTTrainer**: train and loss are ignored; assistant_only_loss trains every assistant turn. Use \`hf-disk\`.
      - **Unsloth**: train_on_responses_only trains every assistant turn. Use \`tokenized-parquet\`.
      - **NeMo-RL**: it copies role and content only and trains on every assistant turn. Use \`prefix\`.
      - **oumi**: it copies role and content only and trains on every assistant turn. Use \`prefix\`.
      - **torchtune**: it copies role and content only and trains on every assistant turn. Use \`prefix\`.
      - **verl**: it copies role and content only and trains on every assistant turn. Use \`tokenized-parquet\`.
      - **mistral-finetune**: train and loss are not read; every assistant turn is trained. Use \`openai\`.
      "
    `);
  });
});

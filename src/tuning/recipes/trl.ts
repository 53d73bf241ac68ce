import { DEEPSPEED_FILE } from "./deepspeed.ts";
import type { EngineValue, Recipe } from "./recipe.ts";

/**
 * The token at which the trained model stops. A base model's own may be another one that the data does not have;
 * TRL writes this one into the checkpoint.
 */
const END_OF_TURN: Readonly<Record<Recipe["template"], string | undefined>> = {
  llama3: "<|eot_id|>",
  mistral: "</s>",
  qwen: "<|im_end|>",
  tokenizer: undefined,
};

/** The arguments of TRL's SFTConfig for data in the format `hf-disk` in the folder `data`. */
export function trlConfiguration(recipe: Recipe): { readonly [key: string]: EngineValue } {
  const { hardware, deepSpeed, template } = recipe;
  const endOfTurn = END_OF_TURN[template];
  const hasCard = hardware.gpusPerNode > 0;
  return {
    output_dir: "checkpoints",
    // TRL cuts at 1024 tokens unless it is told otherwise.
    max_length: recipe.maxTokens,
    packing: false,
    ...(endOfTurn === undefined ? {} : { eos_token: endOfTurn }),
    per_device_train_batch_size: recipe.perDevice,
    gradient_accumulation_steps: recipe.accumulation,
    learning_rate: recipe.learningRate,
    lr_scheduler_type: "cosine",
    warmup_steps: 0,
    num_train_epochs: recipe.epochs,
    bf16: hasCard,
    ...(hasCard ? {} : { use_cpu: true }),
    gradient_checkpointing: hasCard,
    ...(deepSpeed === "none" ? {} : { deepspeed: DEEPSPEED_FILE }),
    save_strategy: "epoch",
    save_only_model: true,
    logging_steps: 1,
    report_to: "none",
    ...recipe.engineKeys,
  };
}

/** The Python program that trains with TRL: it reads `train.json` beside it and changes nothing of the engine. */
export function trlProgram({ model, tokenizer, method }: Recipe): string {
  const isLora = method === "lora";
  return `import json
from pathlib import Path

from datasets import load_from_disk
from transformers import AutoTokenizer
from trl import SFTConfig, SFTTrainer
${isLora ? "from peft import LoraConfig\n" : ""}
MODEL = ${JSON.stringify(model)}
TOKENIZER = ${JSON.stringify(tokenizer)}
here = Path(__file__).resolve().parent

# The data has input_ids and labels; labels of -100 are not in the loss (Eq. 1), and TRL uses them as they are.
data = load_from_disk(str(here / "data"))["train"]
settings = SFTConfig(**json.loads((here / "train.json").read_text()))
tokenizer = AutoTokenizer.from_pretrained(TOKENIZER)
if tokenizer.pad_token is None:
    tokenizer.pad_token = tokenizer.eos_token
trainer = SFTTrainer(
    model=MODEL,
    args=settings,
    train_dataset=data,
    processing_class=tokenizer,${isLora ? '\n    peft_config=LoraConfig(r=16, lora_alpha=32, target_modules="all-linear"),' : ""}
)
trainer.train(resume_from_checkpoint=settings.resume_from_checkpoint)
trainer.save_model()
`;
}

import { DEEPSPEED_FILE } from "./deepspeed.ts";
import type { EngineValue, Recipe } from "./recipe.ts";

/** The arguments of TRL's SFTConfig for data in the format `hf-disk` in the folder `data`. */
export function trlConfiguration(recipe: Recipe): { readonly [key: string]: EngineValue } {
  const { hardware, deepSpeed } = recipe;
  const hasCard = hardware.gpusPerNode > 0;
  return {
    output_dir: "checkpoints",
    // TRL cuts at 1024 tokens unless it is told otherwise.
    max_length: recipe.maxTokens,
    packing: false,
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
trainer.train()
trainer.save_model()
`;
}

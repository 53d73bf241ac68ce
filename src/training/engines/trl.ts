import { PLACES, type TrainingEngine, torchrunCommand, trainerSettings } from "../engine.ts";
import type { Recipe } from "../recipe.ts";

/** TRL, which takes labels as they are from 0.20 on; before, it trained on every token. */
export const trl: TrainingEngine = {
  versions: { from: "0.20", below: "2" },
  forLora: ["peft"],
  format: "hf-disk",
  data: "data",
  needsOwnTokenizer: false,
  command: torchrunCommand("python3 train.py", "train.py"),
  reserved: {
    ...PLACES,
    assistant_only_loss: "mask",
    completion_only_loss: "mask",
    dataset_kwargs: "mask",
    max_length: "length",
    max_seq_length: "length",
    packing: "rows",
    padding_free: "rows",
    loss_type: "loss",
    label_smoothing_factor: "loss",
  },
  settings: (recipe, { endOfTurn }) => ({
    ...trainerSettings(recipe),
    // TRL cuts at 1024 tokens unless it is told otherwise.
    max_length: recipe.maxTokens,
    packing: false,
    // The token at which the trained model stops, which TRL writes into the checkpoint.
    eos_token: endOfTurn,
    gradient_checkpointing: recipe.hardware.gpusPerNode > 0,
  }),
  files: (settings, recipe) => [
    { path: "train.json", text: `${JSON.stringify(settings, null, 2)}\n` },
    { path: "train.py", text: program(recipe) },
  ],
};

/** The Python program that trains: it reads `train.json` beside it and changes nothing of the engine. */
function program({ model, tokenizer, method }: Recipe): string {
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

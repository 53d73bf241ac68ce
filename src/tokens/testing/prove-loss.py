"""What a real engine makes of an export, computed beside Eq. 1 by hand.

Called with the path of a folder that holds `tokenizer/`, `rows.jsonl` (conversations) and `disk/` (hf-disk).
Prints one JSON object. Nothing of the export's own code is used; see `equation1.py`.
"""

import json
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import torch
import transformers
import trl
from datasets import load_from_disk
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM
from trl import SFTConfig, SFTTrainer

from equation1 import by_hand, mean_losses, messages_of, read_rows

folder = Path(sys.argv[1])
end = sys.argv[2]
tokenizer = AutoTokenizer.from_pretrained(folder / "tokenizer")
tokenizer.pad_token = tokenizer.eos_token
rows = read_rows(folder)
data = load_from_disk(str(folder / "disk"))["train"]


def model():
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=48, intermediate_size=96, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=8192,
    )
    return LlamaForCausalLM(config).float()


def trl_loss(dataset):
    settings = SFTConfig(
        output_dir=str(folder / "out"), per_device_train_batch_size=len(rows), max_steps=1, logging_steps=1,
        learning_rate=0.0, max_length=8192, report_to="none", save_strategy="no", use_cpu=True, bf16=False,
        gradient_checkpointing=False, disable_tqdm=True,
    )
    trainer = SFTTrainer(model=model(), args=settings, train_dataset=dataset, processing_class=tokenizer)
    trainer.train()
    return next(entry["loss"] for entry in trainer.state.log_history if "loss" in entry)


known = [by_hand(row, tokenizer, end) for row in rows]
net = model()

# The gradient of the export's loss on what the model says at each place, for the tokens that follow.
largest = {"context": 0.0, "correct": 0.0, "error": 0.0}
for row, (ids, kinds) in zip(data, known):
    logits = net(input_ids=torch.tensor([row["input_ids"]])).logits
    logits.retain_grad()
    loss = torch.nn.functional.cross_entropy(logits[0, :-1], torch.tensor(row["labels"][1:]))
    loss.backward()
    for kind, gradient in zip(kinds[1:], logits.grad[0, :-1].abs().amax(dim=-1).tolist()):
        largest[kind] = max(largest[kind], gradient)

plain = data.map(lambda row: {"labels": row["input_ids"]})
print(json.dumps({
    "versions": {"torch": torch.__version__, "transformers": transformers.__version__, "trl": trl.__version__},
    "rows": len(data),
    "sameIds": all(row["input_ids"] == ids for row, (ids, _) in zip(data, known)),
    "sameIdsAsTemplate": all(
        row["input_ids"] == tokenizer.apply_chat_template(messages_of(each), tokenize=True, return_dict=False)
        for row, each in zip(data, rows)
    ),
    "sameMask": all(
        [label != -100 for label in row["labels"]] == [kind == "correct" for kind in kinds]
        for row, (_, kinds) in zip(data, known)
    ),
    **mean_losses(net, known),
    "trl": trl_loss(data),
    "trlWithoutMask": trl_loss(plain),
    "largestGradient": largest,
}))

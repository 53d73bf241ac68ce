"""Eq. 1 by hand: the mean loss of a model over the tokens of correct turns, computed from conversations.

Nothing of the export's own code is used: the mask comes from the places of the answers in the text that the tokenizer's
own chat template writes. Called as a program with a folder that holds `tokenizer/` and `rows.jsonl` (conversations), the
token that ends a turn, and the folder of a model, it prints one JSON object.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoTokenizer, LlamaForCausalLM


def read_rows(folder):
    return [json.loads(line) for line in (folder / "rows.jsonl").read_text().splitlines()]


def messages_of(row):
    roles = {"human": "user", "gpt": "assistant"}
    return [{"role": roles[each["from"]], "content": each["value"]} for each in row["conversations"]]


def spans_of(row, text, end):
    """Where the answers stand in the text with their end-of-turn tokens, and whether they are trained."""
    spans, at = [], 0
    for each in row["conversations"]:
        start = text.index(each["value"], at)
        at = start + len(each["value"])
        if each["from"] == "gpt":
            assert text.startswith(end, at)
            spans.append((start, at + len(end), each["loss"]))
    return spans


def by_hand(row, tokenizer, end):
    """The ids of a row and, for each, whether it is trained, in an error turn, or neither."""
    text = tokenizer.apply_chat_template(messages_of(row), tokenize=False)
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    spans, kinds = spans_of(row, text, end), []
    for start, stop in encoded["offset_mapping"]:
        inside = [loss for a, b, loss in spans if stop > a and stop <= b and stop > start]
        kinds.append("context" if not inside else "correct" if inside[0] else "error")
    return encoded["input_ids"], kinds


def mean_losses(net, known):
    """The mean loss over the tokens of correct turns (Eq. 1), over those of all answers, and over all tokens."""
    correct, answers, every = [], [], []
    with torch.no_grad():
        for ids, kinds in known:
            logits = net(input_ids=torch.tensor([ids])).logits[0]
            losses = torch.nn.functional.cross_entropy(logits[:-1], torch.tensor(ids[1:]), reduction="none")
            correct.append(losses[torch.tensor([kind == "correct" for kind in kinds[1:]])])
            answers.append(losses[torch.tensor([kind != "context" for kind in kinds[1:]])])
            every.append(losses)
    return {
        "equation1": torch.cat(correct).mean().item(),
        "allAnswers": torch.cat(answers).mean().item(),
        "allTokens": torch.cat(every).mean().item(),
    }


if __name__ == "__main__":
    here, end, model = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    tokenizer = AutoTokenizer.from_pretrained(here / "tokenizer")
    net = LlamaForCausalLM.from_pretrained(model).float()
    print(json.dumps(mean_losses(net, [by_hand(row, tokenizer, end) for row in read_rows(here)])))

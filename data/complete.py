"""Completes the checkpoints beside it, so that they are served as they were trained.

Each gets the chat template of the data, and its end-of-turn token as the tokenizer's eos_token and as a stop token of the
generation config. Run it again whenever an engine has saved something: python3 complete.py
"""

import json
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHAT = json.loads((HERE / "chat.json").read_text(encoding="utf-8"))


def read(path):
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write(path, text):
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def change(path, changes):
    write(path, json.dumps({**read(path), **changes}, indent=2, ensure_ascii=False) + "\n")


def stop_tokens(folder):
    """The end of a turn, and what stopped the model before."""
    known = read(folder / "generation_config.json").get("eos_token_id")
    if known is None:
        known = read(folder / "config.json").get("eos_token_id")
    others = known if isinstance(known, list) else [] if known is None else [known]
    return [CHAT["end_of_turn_id"], *(each for each in others if each != CHAT["end_of_turn_id"])]


def complete(folder):
    for name in ("tokenizer.json", "tokenizer_config.json"):
        source = Path(CHAT["tokenizer"]) / name
        if not (folder / name).exists() and source.exists():
            shutil.copyfile(source, folder / name)
    write(folder / "chat_template.jinja", CHAT["template"])
    ending = {"eos_token": CHAT["end_of_turn"]}
    change(folder / "tokenizer_config.json", {**ending, "chat_template": CHAT["template"]})
    if (folder / "special_tokens_map.json").exists():
        change(folder / "special_tokens_map.json", ending)
    # An adapter has none: it is served with the generation config of the model below it.
    if (folder / "config.json").exists():
        change(folder / "generation_config.json", {"eos_token_id": stop_tokens(folder)})


checkpoints = HERE / "checkpoints"
for folder in [checkpoints, *sorted(checkpoints.glob("checkpoint-*"))]:
    if (folder / "config.json").exists() or (folder / "adapter_config.json").exists():
        complete(folder)

"""How trained models' folders are served: serve-as-trained.py FOLDER... prints a JSON array with an object for each.

Everything is read as a server reads it: the template and the tokens by transformers, the stop tokens from the
generation config that `generate` takes.
"""

import json
import sys

from transformers import AutoModelForCausalLM, AutoTokenizer

messages = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "There"}]


def served(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    stops = AutoModelForCausalLM.from_pretrained(folder).generation_config.eos_token_id
    return {
        "asked": tokenizer.apply_chat_template(messages[:1], tokenize=False, add_generation_prompt=True),
        "answered": tokenizer.apply_chat_template(messages, tokenize=False),
        "eosToken": tokenizer.eos_token,
        "stops": tokenizer.convert_ids_to_tokens(stops if isinstance(stops, list) else [stops]),
    }


print(json.dumps([served(folder) for folder in sys.argv[1:]]))

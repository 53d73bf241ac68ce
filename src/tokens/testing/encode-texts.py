"""The ids that Hugging Face's tokenizers library gives texts: `encode-texts.py TOKENIZER.json TEXTS.json IDS.json`.

Writes one JSON array with the ids of each text, to which nothing is added.
"""

import json
import sys

from tokenizers import Tokenizer

tokenizer = Tokenizer.from_file(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    texts = json.load(file)
with open(sys.argv[3], "w", encoding="utf-8") as file:
    json.dump([tokenizer.encode(text, add_special_tokens=False).ids for text in texts], file)

"""The same rows with Hugging Face `datasets`: map with apply_chat_template in two processes, then save_to_disk.

Prints one line of JSON. It makes token ids only: labels for some of the assistant's turns are not to be had this way.
"""

import json
import resource
import sys
import time

from datasets import load_dataset
from transformers import AutoTokenizer

PROCESSES = 2

source, out, folder, cache = sys.argv[1:5]
tokenizer = AutoTokenizer.from_pretrained(folder)


def tokenize(batch):
    encoded = tokenizer.apply_chat_template(batch["messages"], tokenize=True, return_dict=True)
    return {"input_ids": encoded["input_ids"], "attention_mask": encoded["attention_mask"]}


began = time.perf_counter()
rows = load_dataset("json", data_files=source, split="train", cache_dir=cache)
loaded = time.perf_counter()
tokenized = rows.map(tokenize, batched=True, batch_size=64, num_proc=PROCESSES, remove_columns=rows.column_names)
mapped = time.perf_counter()
tokenized.save_to_disk(out)
ended = time.perf_counter()

own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
largest_child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(
    json.dumps(
        {
            "rows": len(tokenized),
            "tokens": sum(len(ids) for batch in tokenized.iter(1000) for ids in batch["input_ids"]),
            "seconds": ended - began,
            "mapSeconds": mapped - loaded,
            "peak": (own + PROCESSES * largest_child) / 1024,
        }
    )
)

"""Writes a random two-layer Llama for the tokenizer in a folder, and the tokenizer with it: make-tiny-model.py TOKENIZER OUT."""

import shutil
import sys

import torch
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
torch.manual_seed(1)
config = LlamaConfig(
    vocab_size=len(tokenizer), hidden_size=48, intermediate_size=96, num_hidden_layers=2,
    num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=8192,
)
LlamaForCausalLM(config).save_pretrained(sys.argv[2])
# As they are: saved anew by transformers, they would no longer be the same files.
shutil.copytree(sys.argv[1], sys.argv[2], dirs_exist_ok=True)

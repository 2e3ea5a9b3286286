#!/usr/bin/env python3
"""floats.py MODEL OUT: the model of a folder with its layers in floats of 32 bits, to measure what running them in integers
costs: `scripts/evaluate --model OUT` beside `--model MODEL`. What the weights lost when they were rounded is not undone.
"""
import argparse
import re
import shutil
from pathlib import Path

import numpy as np

import sealed

# Matrices of layers, as `export.py` names them; tables are looked up as they are.
LAYER = re.compile(r"(overview\.)?\d+\.\w+\.q")


def in_floats(tensors):
    made = dict(tensors)
    for name in filter(LAYER.fullmatch, tensors):
        stem = name.removesuffix(".q")
        made[f"{stem}.weight"] = made.pop(name).astype(np.float32) * made.pop(f"{stem}.scale")[:, None]
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    shutil.copytree(options.model, options.out)
    for name in ("weights.safetensors", "overview.safetensors"):
        sealed.change(options.out, in_floats, name)


if __name__ == "__main__":
    main()

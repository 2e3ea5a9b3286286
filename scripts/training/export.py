#!/usr/bin/env python3
"""export.py MINILM OUT WEIGHTS… [--floats]: the encoder as 8-bit integers, in a safetensors file; the smaller heads as floats
of 16 bits.

Several weights (of cycles of one run) are averaged; one that is given twice counts twice.

Every row of a table and every output of a layer has a scale of its own; inputs of layers are quantised as they come. The
scale of attention is folded into the query's weights. With `--floats` layers stay as they are, to measure what integers
cost.
"""
import argparse
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

import corpora
from encoder import HEAD_WIDTH, Encoder, stored_name


def quantised(name, rows):
    scale = np.maximum(np.abs(rows).max(axis=1), 1e-8) / 127
    return {f"{name}.q": np.rint(rows / scale[:, None]).astype(np.int8), f"{name}.scale": scale.astype(np.float32)}


def stored(state, floats=False):
    """The tensors under the names and in the form in which they are stored."""
    made = {}
    for name, value in state.items():
        value = value.numpy().astype(np.float32)
        name, kind = stored_name(name)
        if name.startswith(("arcs", "rows")):
            made[f"{name}.{kind}"] = value.astype(np.float16)
            continue
        if name.endswith(".qkv"):
            value = value.copy()
            value[: len(value) // 3] *= HEAD_WIDTH**-0.5
        # The last layer stays as it is: it is small, and its scores are what counts.
        if value.ndim == 2 and name != "head" and not (floats and name[0].isdigit()):
            made |= quantised(name, value)
        else:
            made[f"{name}.{kind}"] = value
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minilm")
    parser.add_argument("out", type=Path)
    parser.add_argument("weights", nargs="+")
    parser.add_argument("--floats", action="store_true")
    options = parser.parse_args()
    model = Encoder.pretrained(options.minilm, len(corpora.tag_names()))
    model.load_mean(options.weights)
    # Lists of names count nothing until `listed.py` has learned what they should.
    unlisted = {"listed.weight": np.zeros((corpora.LISTED, corpora.head_slices()["entity"].stop), np.float32)}
    save_file(stored(model.state_dict(), options.floats) | unlisted, options.out)


if __name__ == "__main__":
    main()

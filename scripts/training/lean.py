#!/usr/bin/env python3
"""lean.py MODEL AMOUNT: makes the model find fewer names (more, if AMOUNT is negative).

What it saw in training is mixed from sets of several genres, some of which name far more than news does, and its scores lean
towards names. The score (a logit) of "no name" is raised by AMOUNT for every word; AMOUNT is chosen by `scripts/evaluate` on
development sets. MODEL is a folder with the files of one; the calibration in its card is to be made again.
"""
import argparse
from pathlib import Path

import corpora
import sealed

# Where each kind of model keeps the biases of its last layer.
BIASES = ["head.bias", "output.bias"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("amount", type=float)
    options = parser.parse_args()

    def update(tensors):
        name = next(name for name in BIASES if name in tensors)
        bias = tensors[name].copy()
        # The first tag of a head is "O".
        bias[corpora.head_slices()["entity"].start] += options.amount
        return tensors | {name: bias}

    sealed.change(options.model, update)


if __name__ == "__main__":
    main()

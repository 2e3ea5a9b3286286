#!/usr/bin/env python3
"""listed.py SHARED PROGRAM MODEL: learns what it counts, beside what the network says, that lists of names know a word.

PROGRAM is the example `training`. The network knows the names of its training texts by heart and would seem to need no
lists there, so the weights (a score for each tag of names and each thing that lists can say of a word) are learned from
development sets, few as they are, by logistic regression beside the network's own scores. They are written into the weights of
MODEL, a folder. Half of the documents are first answered with what the other half teaches, and what that gains is printed.
"""
import argparse
import json
import subprocess
from pathlib import Path

import numpy as np
import torch

import corpora
import sealed
from windows import head_losses, word_labels

SETS = ["conll2003.testa", "worldwide.dev", "uner_ewt.dev", "gum_by_news.dev", "gum_by_other.dev", "gum_sa.dev", "wnut17.dev"]
# How many tags of names there are, and how much the squares of the weights count beside the errors.
TAGS, PENALTY = corpora.head_slices()["entity"].stop, 1.0
COLUMNS = 4 + TAGS


def inputs_of(program, model, documents):
    """For every document the network's scores of its tokens, what lists say of each, and the labels."""
    lines = "".join(json.dumps({"text": d.text}) + "\n" for d in documents)
    done = subprocess.run([program, "names", str(model)], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    out, at, found = np.frombuffer(done.stdout, "<u4"), 0, []
    for document in documents:
        count = int(out[at])
        rows = out[at + 1 : at + 1 + COLUMNS * count].reshape(count, COLUMNS)
        at += 1 + COLUMNS * count
        said = (rows[:, 2:4, None] >> np.arange(32, dtype="<u4") & 1).reshape(count, -1)[:, : corpora.LISTED]
        scores = np.log(np.maximum(rows[:, 4:].copy().view("<f4"), 1e-6))
        labels = word_labels(document, rows[:, 0].astype(np.int64))
        known = np.full(count, document.misc_known)
        found.append([torch.from_numpy(a) for a in (scores, said.astype(np.float32), np.asarray(labels, dtype=np.int64), known)])
    return found


def joined(documents):
    scores, said, labels, known = zip(*documents)
    return torch.cat(scores), torch.cat(said), torch.cat(labels, dim=1), torch.cat(known)


def learned(documents):
    """The weights, in units of the network's scores: those may be too sure, which is learned beside them."""
    scores, said, labels, known = joined(documents)
    weights, sureness = torch.zeros(corpora.LISTED, TAGS, requires_grad=True), torch.ones(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, sureness], max_iter=200, line_search_fn="strong_wolfe")

    def step():
        optimizer.zero_grad()
        value = head_losses(sureness * scores + said @ weights, labels, known) + PENALTY * (weights**2).sum() / len(scores)
        value.backward()
        return value

    optimizer.step(step)
    return (weights / sureness).detach(), float(sureness.detach())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("program")
    parser.add_argument("model", type=Path)
    options = parser.parse_args()
    documents = [d for name in SETS for d in corpora.entity_documents(options.shared, name)]
    inputs = inputs_of(options.program, options.model, documents)
    halves, before, after = [inputs[::2], inputs[1::2]], 0.0, 0.0
    for own, other in (halves, halves[::-1]):
        weights, sureness = learned(other)
        scores, said, labels, known = joined(own)
        before += float(head_losses(sureness * scores, labels, known)) / 2
        after += float(head_losses(sureness * (scores + said @ weights), labels, known)) / 2
    print(json.dumps({"tokens": sum(len(scores) for scores, *_ in inputs), "loss": round(before, 5), "with lists": round(after, 5)}))
    weights, sureness = learned(inputs)
    print(json.dumps({"sureness": round(sureness, 3), "largest weight": round(float(weights.abs().max()), 2)}))
    sealed.change(options.model, lambda tensors: tensors | {"listed.weight": weights.numpy().astype(np.float32)})


if __name__ == "__main__":
    main()

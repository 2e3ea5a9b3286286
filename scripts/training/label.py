#!/usr/bin/env python3
"""label.py SHARED MINILM OUT WEIGHTS…: the probabilities of a trained encoder on all training texts, labelled or not; of
several weights their mean is the encoder.

OUT is an .npz (one a part): for every document its id and number of words, then for all words where they start (code points) and the
probabilities of all tags of all heads. `--score` prints the teacher's own span F1 on held-out sets instead.
"""
import argparse
import json
import time

import numpy as np
import torch

import corpora
from encoder import Encoder
from teacher import open_tokenizer
from windows import cut

LIMIT = 192
BATCH_PIECES = 6144


def probabilities(model, tokenizer, documents):
    """For each document the starts of its words and their probabilities."""
    windows = [w for i, d in enumerate(documents) for w in cut(d, i, tokenizer, LIMIT)]
    order = sorted(range(len(windows)), key=lambda i: len(windows[i].pieces))
    answers = [None] * len(windows)
    slices = corpora.head_slices().values()
    device = next(model.parameters()).device
    at = 0
    while at < len(order):
        size = max(1, BATCH_PIECES // len(windows[order[min(at + 16, len(order) - 1)]].pieces))
        part = order[at : at + size]
        longest = max(len(windows[i].pieces) for i in part)
        grid = lambda rows: torch.tensor(np.stack([np.pad(r, (0, longest - len(r))) for r in rows])).to(device)
        with torch.no_grad(), torch.autocast(device.type, dtype=torch.bfloat16):
            logits = model(grid([windows[i].pieces for i in part]), grid([windows[i].shapes for i in part])).float()
        soft = torch.cat([torch.softmax(logits[..., s], dim=-1) for s in slices], dim=-1).half().cpu().numpy()
        for row, i in enumerate(part):
            first = windows[i].starts >= 0
            answers[i] = (windows[i].starts[first].astype(np.int32), soft[row, : len(first)][first])
        at += size
    found = [([], []) for _ in documents]
    for window, (starts, soft) in zip(windows, answers):
        found[window.document][0].append(starts)
        found[window.document][1].append(soft)
    width = len(corpora.tag_names())
    empty = (np.zeros(0, np.int32), np.zeros((0, width), np.float16))
    return [(np.concatenate(s), np.concatenate(p)) if s else empty for s, p in found]


def spans(starts, soft, head):
    """Spans of word indexes by argmax, an inside tag without a beginning taken as one."""
    tags = soft[:, corpora.head_slices()[head]].argmax(-1)
    found, open_span = set(), None
    for i, tag in enumerate([*tags, 0]):
        goes_on = open_span and tag and tag % 2 == 0 and tag == open_span[1]
        if not goes_on:
            if open_span:
                found.add((int(starts[open_span[0]]), i, open_span[1] // 2))
            open_span = (i, tag + tag % 2) if tag else None
    return found


def score(model, tokenizer, shared):
    from windows import word_labels

    for name, heads, read in [
        ("conll2003.testb", ["entity"], corpora.entity_documents),
        ("worldwide.test", ["entity"], corpora.entity_documents),
        ("uner_ewt.test", ["entity"], corpora.entity_documents),
        ("polnear.dev", ["content", "cue", "source"], corpora.quote_documents),
    ]:
        documents = read(shared, name)
        answers = probabilities(model, tokenizer, documents)
        for head in heads:
            hit = predicted = gold = 0
            for document, (starts, soft) in zip(documents, answers):
                labels = word_labels(document, starts)[list(corpora.HEADS).index(head)]
                one_hot = np.zeros((len(starts), soft.shape[1]), np.float32)
                one_hot[np.arange(len(starts)), corpora.head_slices()[head].start + labels] = 1
                known = lambda found: {s for s in found if document.misc_known or s[2] != 4}
                g, p = known(spans(starts, one_hot, head)), known(spans(starts, soft, head))
                hit, predicted, gold = hit + len(g & p), predicted + len(p), gold + len(g)
            print(json.dumps({"set": name, "head": head, "f1": round(200 * hit / (predicted + gold), 2)}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared")
    parser.add_argument("minilm")
    parser.add_argument("out")
    parser.add_argument("weights", nargs="+")
    parser.add_argument("--score", action="store_true")
    parser.add_argument("--texts", action="store_true", help="the unlabelled texts only, of which the encoder learns")
    parser.add_argument("--part", default="0/1", help="K/N: only every Nth document from the Kth on, on one thread; parts run side by side")
    options = parser.parse_args()
    tokenizer = open_tokenizer(options.minilm)
    model = Encoder.pretrained(options.minilm, len(corpora.tag_names()))
    model.load_mean(options.weights)
    model.to("cuda" if torch.cuda.is_available() else "cpu").eval()
    if options.score:
        score(model, tokenizer, options.shared)
        return
    documents = []
    if not options.texts:
        documents += [d for name in corpora.NER_TRAIN for d in corpora.entity_documents(options.shared, name)]
        documents += [d for name in corpora.QUOTE_TRAIN for d in corpora.quote_documents(options.shared, name)]
        documents += corpora.student_texts(options.shared)
    else:
        documents += [d for name in corpora.TEXTS for d in corpora.text_documents(options.shared, name)]
    part, parts = map(int, options.part.split("/"))
    if parts > 1:
        torch.set_num_threads(1)
    documents = documents[part::parts]
    began, answers = time.time(), []
    for at in range(0, len(documents), 1000):
        answers += probabilities(model, tokenizer, documents[at : at + 1000])
        print(json.dumps({"documents": len(answers), "of": len(documents), "seconds": round(time.time() - began)}), flush=True)
    np.savez(
        options.out,
        ids=np.array([d.id for d in documents]),
        counts=np.array([len(s) for s, _ in answers]),
        starts=np.concatenate([s for s, _ in answers]),
        probabilities=np.concatenate([p for _, p in answers]),
    )


if __name__ == "__main__":
    main()

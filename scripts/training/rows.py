#!/usr/bin/env python3
"""rows.py SHARED POSTS PROGRAM MODEL [--seed N]: trains the head for block quotations of MODEL, a folder, on what the
rest of it says of paragraphs, and writes it into the weights there.

PROGRAM writes what the head sees (`cargo build --release --example training`), so that it is trained on what it
will meet: integers, windows and paragraphs as the program has them. Learned from posts with known block quotations, those
of SHARED and those that `posts.py` wrote (POSTS), from articles composed of others (`compose.py`), from articles written for
it (`data/blocks`), and from news, which has next to none and is read twice: what the head passes over is never looked at
again, and what it does not is read at length.
"""
import argparse
import json
import os
import random
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import corpora
import sealed
from compose import composed_documents
from corpora import IGNORED
from encoder import stored_name
from heads import SHAPES_OF_A_ROW, Rows

WIDTH = 384
EPOCHS, BATCH, RATE = 9, 16, 1.5e-3
# The longest stretch of paragraphs that is learned from at once.
LONGEST = 80
# How many articles are composed, others than the encoder has seen.
COMPOSED, COMPOSED_SEED = 800, 100
# How many posts that quote nothing are read at most.
SILENT = 3000
# How many articles of each set of news are read, and how often in an epoch.
NEWS_TIMES = 2
NEWS = {"wikinews_2019_2020": 500, "bbc2004": 400, "abc2006": 250, "gmb": 300, "reuters21578": 300}


def inputs_of(program, model, texts):
    """For each text where its paragraphs start and end, and what the head sees of them; a program on every core."""
    parts = os.cpu_count() or 1
    with ThreadPoolExecutor(parts) as pool:
        answers = list(pool.map(lambda k: part_of_inputs(program, model, texts[k::parts]), range(parts)))
    return [answers[i % parts][i // parts] for i in range(len(texts))]


def part_of_inputs(program, model, texts):
    given = "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()
    whole = np.frombuffer(subprocess.run([program, "paragraphs", model], input=given, stdout=subprocess.PIPE, check=True).stdout, "<u4")
    row = 2 + 2 * WIDTH + SHAPES_OF_A_ROW
    found, at = [], 0
    for _ in texts:
        count = int(whole[at])
        part = whole[at + 1 : at + 1 + count * row].reshape(count, row)
        found.append((part[:, :2].astype(int), part[:, 2:].copy().view("<f4")))
        at += 1 + count * row
    return found


def states_of(document, places):
    """The states of the paragraphs that the program has, by those of the document that cover most of them."""
    begins = [start for start, _ in document.paragraphs]
    ends = [*begins[1:], len(document.text)]
    states, before = [], None
    for start, end in places:
        shares = [(min(e, end) - max(b, start), k) for k, (b, e) in enumerate(zip(begins, ends)) if b < end and start < e]
        k = max(shares)[1] if shares else None
        state = None if k is None else document.paragraphs[k][1]
        # Of a quoted paragraph that the program cuts in two the second goes on.
        states.append(IGNORED if state is None else 2 if state == 1 and before == k else state)
        before = k
    return np.array(states, dtype=np.int64)


def rows_of(program, model, documents):
    """For each document what the head sees, as it is kept (16 bits), and the states of its paragraphs."""
    return [(x.astype(np.float16), states_of(d, places)) for d, (places, x) in zip(documents, inputs_of(program, model, [d.text for d in documents])) if len(places)]


def stretch_of(x, states, generator):
    start = generator.randint(0, max(0, len(x) - LONGEST))
    return x[start : start + LONGEST], states[start : start + LONGEST]


def train(rows, seed):
    torch.manual_seed(seed)
    generator = random.Random(seed)
    head = Rows(WIDTH)
    optimizer = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=0.05)
    steps = EPOCHS * (len(rows) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps)
    average = {name: value.clone() for name, value in head.state_dict().items()}
    for epoch in range(EPOCHS):
        generator.shuffle(rows)
        total = 0.0
        for at in range(0, len(rows), BATCH):
            parts, states = zip(*(stretch_of(x, states, generator) for x, states in rows[at : at + BATCH]))
            right = torch.tensor(np.concatenate(states))
            if (right == IGNORED).all():
                continue
            loss = F.cross_entropy(head.scores([torch.tensor(part.astype(np.float32)) for part in parts]), right, ignore_index=IGNORED)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
            with torch.no_grad():
                for name, value in head.state_dict().items():
                    average[name].lerp_(value, 0.01)
        print(json.dumps({"epoch": epoch + 1, "loss": round(total * BATCH / len(rows), 4)}), flush=True)
    head.load_state_dict(average)
    return head.eval()


def report(name, head, rows):
    with torch.no_grad():
        answers = [(head.scores([torch.tensor(x.astype(np.float32))]).argmax(1).numpy(), states) for x, states in rows]
    print(json.dumps({"set": name, **exact_and_paragraphs(answers)}), flush=True)


def exact_and_paragraphs(answers):
    """F1 of quoted paragraphs and of whole blocks, by the likeliest state of each paragraph and the right one."""
    hit, exact = np.zeros(3), np.zeros(3)
    runs = lambda flags: {(a, b) for a, b in zip(np.flatnonzero(np.diff([0, *flags]) == 1), np.flatnonzero(np.diff([*flags, 0]) == -1))}
    for said, states in answers:
        got, want = ((said > 0) & (states != IGNORED)).astype(int), (states > 0).astype(int)
        hit += [np.sum(got & want), got.sum(), want.sum()]
        exact += [len(runs(got) & runs(want)), len(runs(got)), len(runs(want))]
    f1 = lambda t: round(200 * t[0] / max(1, t[1] + t[2]), 1)
    return {"paragraphs": f1(hit), "exact blocks": f1(exact)}


def install(head, model):
    """Writes the head into the weights of the model."""
    own = {".".join(stored_name(f"rows.{name}")): value.numpy().astype(np.float16) for name, value in head.state_dict().items()}
    sealed.change(model, lambda tensors: tensors | own)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("posts", type=Path)
    parser.add_argument("program")
    parser.add_argument("model", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    posts = [d for name in corpora.BLOCK_TRAIN for d in corpora.block_documents(options.shared, name)]
    quoting, silent = corpora.quoting_and_silent(options.posts)
    posts += quoting + random.Random(options.seed).sample(silent, min(SILENT, len(silent)))
    news = [d for d in corpora.quote_documents(options.shared, "polnear.train")]
    for name, most in NEWS.items():
        texts = corpora.text_documents(options.shared, name)
        for document in texts[:: max(1, len(texts) // most)][:most]:
            document.spans = {"content": []}
            document.paragraphs = corpora.authors_paragraphs(document)
            news.append(document)
    composed = composed_documents(options.shared, COMPOSED_SEED + options.seed, COMPOSED)
    read = lambda documents: rows_of(options.program, options.model, documents)
    rows = read(posts + composed + corpora.own_block_documents()) + NEWS_TIMES * read(news)
    print(json.dumps({"articles": len(rows), "states": {str(k): int(v) for k, v in zip(*np.unique(np.concatenate([s for _, s in rows]), return_counts=True))}}), flush=True)
    head = train(rows, options.seed)
    report("open.dev", head, read(corpora.block_documents(options.shared, "open.dev")))
    install(head, options.model)


if __name__ == "__main__":
    main()

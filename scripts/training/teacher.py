#!/usr/bin/env python3
"""teacher.py SHARED MINILM OUT [--seed N] [--start FILE] [--texts FILE…]: trains the encoder, all heads together.

Batches of entity windows alternate with batches of quotation windows. Checkpoints stand in OUT; run again to resume.
`--start` goes on from trained weights, as a second cycle with a warm-up and a decay of its own. With `--texts`, files of
`label.py`, batches of unlabelled text are mixed in, earlier more than later: the encoder learns the probabilities found
there from text in which words are hidden, and the hidden words (noisy student, Xie et al. 2020; BERT's masked language
model, Devlin et al. 2019). Words are then hidden in labelled batches as well, but for the last of them.
"""
import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional as F

import corpora
from encoder import Encoder, Guess
from student import read_teacher
from windows import IGNORED, batch, cut, head_losses, soft_losses, with_soft

ENTITY_LIMIT, QUOTE_LIMIT = 160, 256
ENTITY_EPOCHS, QUOTE_EPOCHS, BLOCK_EPOCHS = 2, 3, 3
# Most windows of long posts hold neither a block quotation nor a colon that could open one: so many of them are kept.
PLAIN_SHARE = 0.35
BATCH_PIECES = 3072
RATE = 1.5e-4
TEXT_LIMIT = 192
# The share of words hidden in texts and in labelled windows, and from which part of the run on labelled ones are whole.
HIDDEN_IN_TEXTS, HIDDEN_IN_GOLD, WHOLE_FROM = 0.15, 0.1, 0.75
GUESS_WEIGHT = 0.3


def open_tokenizer(minilm):
    tokenizer = Tokenizer.from_file(str(Path(minilm) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def batches(windows, generator):
    """Shuffled batches of windows of like length."""
    order = sorted(range(len(windows)), key=lambda i: (len(windows[i].pieces) // 16, generator.random()))
    made, current, size = [], [], 0
    for i in order:
        length = len(windows[i].pieces)
        if current and size + length > BATCH_PIECES:
            made.append(current)
            current, size = [], 0
        current.append(windows[i])
        size += length
    made.append(current)
    generator.shuffle(made)
    return made


def text_windows(shared, tokenizer, paths, share, generator):
    """Windows of a share of the unlabelled articles, with the probabilities of the files of `label.py`."""
    known = read_teacher(paths)
    documents = [d for name in corpora.TEXTS for d in corpora.text_documents(shared, name)]
    windows = []
    for i, document in enumerate(documents):
        starts, probabilities = known.get(document.id, ((), None))
        if len(starts) and generator.random() < share:
            windows += [with_soft(w, starts, probabilities) for w in cut(document, i, tokenizer, TEXT_LIMIT)]
    return windows


def block_windows(documents, tokenizer, generator):
    """Windows for the block head, begun somewhere else each time."""
    block, colon = list(corpora.HEADS).index("block"), tokenizer.token_to_id(":")
    windows = [w for i, d in enumerate(documents) for w in cut(d, i, tokenizer, QUOTE_LIMIT, generator.randint(32, QUOTE_LIMIT))]
    telling = lambda w: (w.labels[block] > 0).any() or colon in w.pieces
    return [w for w in windows if (w.labels[block] != IGNORED).any() and (telling(w) or generator.random() < PLAIN_SHARE)]


def plan(shared, tokenizer, seed, entity_epochs, quote_epochs, block_epochs, texts, text_share):
    """All batches of the run in order: the same for the same seed."""
    generator = random.Random(seed)
    entity = [d for name in corpora.NER_TRAIN for d in corpora.entity_documents(shared, name)]
    quote = [d for name in corpora.QUOTE_TRAIN for d in corpora.quote_documents(shared, name)]
    made = []
    for documents, limit, epochs, straight in ((entity, ENTITY_LIMIT, entity_epochs, 0.0), (quote, QUOTE_LIMIT, quote_epochs, 0.3)):
        chain = []
        for _ in range(epochs):
            varied = [corpora.with_straight_marks(d, generator, straight) for d in documents]
            windows = [w for i, d in enumerate(varied) for w in cut(d, i, tokenizer, limit)]
            chain += batches(windows, generator)
        made.append(chain)
    blocks = [d for name in corpora.BLOCK_TRAIN for d in corpora.block_documents(shared, name)]
    made.append([b for _ in range(block_epochs) for b in batches(block_windows(blocks, tokenizer, generator), generator)])
    # Interleave so that both kinds of batches end together, and each keeps its epochs' order.
    keyed = [((i + 0.5) / len(chain), k, i) for k, chain in enumerate(made) for i in range(len(chain))]
    if texts:
        # Half of the texts come in the first quarter of the run, and none in the last twentieth.
        made.append(batches(text_windows(shared, tokenizer, texts, text_share, generator), generator))
        keyed += [(0.95 * ((i + 0.5) / len(made[-1])) ** 2, len(made) - 1, i) for i in range(len(made[-1]))]
    return [made[k][i] for _, k, i in sorted(keyed)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared")
    parser.add_argument("minilm")
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, nargs="+", help="weights to go on from; of several the mean")
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    parser.add_argument("--text-share", type=float, default=1.0)
    parser.add_argument("--entity-epochs", type=int, default=ENTITY_EPOCHS)
    parser.add_argument("--quote-epochs", type=int, default=QUOTE_EPOCHS)
    parser.add_argument("--block-epochs", type=int, default=BLOCK_EPOCHS)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    np.random.seed(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if options.threads:
        torch.set_num_threads(options.threads)
    steps = plan(options.shared, open_tokenizer(options.minilm), options.seed, options.entity_epochs, options.quote_epochs, options.block_epochs, options.texts, options.text_share)
    model = Encoder.pretrained(options.minilm, len(corpora.tag_names())).to(device)
    if options.start:
        model.load_mean(options.start)
    guess = Guess(*reversed(model.words.weight.shape)).to(device)
    fresh = [p for n, p in model.named_parameters() if n.startswith(("head", "shapes"))]
    old = [p for n, p in model.named_parameters() if not n.startswith(("head", "shapes"))]
    optimizer = torch.optim.AdamW([{"params": old, "lr": options.rate}, {"params": fresh, "lr": (1 if options.start else 10) * options.rate}, {"params": guess.parameters(), "lr": 3 * options.rate}], weight_decay=0.01, fused=True)
    warm = max(1, len(steps) // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min((s + 1) / warm, max(0.0, (len(steps) - s) / (len(steps) - warm))))
    checkpoint, done = options.out / "checkpoint.pt", 0
    if checkpoint.exists():
        stored = torch.load(checkpoint, map_location=device)
        model.load_state_dict(stored["model"])
        guess.load_state_dict(stored["guess"])
        optimizer.load_state_dict(stored["optimizer"])
        schedule.load_state_dict(stored["schedule"])
        done = stored["step"]
    print(json.dumps({"steps": len(steps), "of text": sum(s[0].soft is not None for s in steps), "from": done, "device": device}), flush=True)
    model.train()
    began, running, guessed = time.time(), None, None
    for step in range(done, len(steps)):
        from_text = steps[step][0].soft is not None
        share = HIDDEN_IN_TEXTS if from_text else HIDDEN_IN_GOLD if options.texts and step < WHOLE_FROM * len(steps) else 0.0
        tensors = batch(steps[step], share, np.random.default_rng([options.seed, step]))
        pieces, shapes, labels, misc_known, soft, hidden = (t if t is None else t.to(device) for t in tensors)
        with torch.autocast(device, dtype=torch.bfloat16):
            state = model.hidden(pieces, shapes)
            logits = model.head(model.drop(state))
        loss = soft_losses(logits, soft) if from_text else head_losses(logits, labels, misc_known)
        if from_text:
            with torch.autocast(device, dtype=torch.bfloat16):
                guesses = guess(state[hidden != IGNORED], model.words)
            guessing = F.cross_entropy(guesses.float(), hidden[hidden != IGNORED])
            loss = loss + GUESS_WEIGHT * guessing
            guessed = float(guessing.detach()) if guessed is None else 0.98 * guessed + 0.02 * float(guessing.detach())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*model.parameters(), *guess.parameters()], 1.0)
        optimizer.step()
        schedule.step()
        if not from_text:
            running = float(loss.detach()) if running is None else 0.98 * running + 0.02 * float(loss.detach())
        if step % 50 == 49:
            print(json.dumps({"step": step + 1, "loss": running, "guess": guessed, "seconds": round(time.time() - began)}), flush=True)
        if step % 200 == 199:
            torch.save({"model": model.state_dict(), "guess": guess.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(), "step": step + 1}, checkpoint)
    torch.save(model.state_dict(), options.out / "teacher.pt")


if __name__ == "__main__":
    main()

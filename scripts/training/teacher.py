#!/usr/bin/env python3
"""teacher.py SHARED MINILM OUT [--seed N] [--start FILE]: trains the encoder on the labelled sets, all heads together.

Batches of entity windows alternate with batches of quotation windows. Checkpoints stand in OUT; run again to resume.
`--start` goes on from trained weights, as a second cycle with a warm-up and a decay of its own.
"""
import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

import corpora
from encoder import Encoder
from windows import batch, cut, head_losses

ENTITY_LIMIT, QUOTE_LIMIT = 160, 256
ENTITY_EPOCHS, QUOTE_EPOCHS = 2, 3
BATCH_PIECES = 3072
RATE = 1.5e-4


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


def plan(shared, tokenizer, seed, entity_epochs, quote_epochs):
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
    # Interleave so that both kinds of batches end together, and each keeps its epochs' order.
    keyed = [((i + 0.5) / len(chain), k, i) for k, chain in enumerate(made) for i in range(len(chain))]
    return [made[k][i] for _, k, i in sorted(keyed)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared")
    parser.add_argument("minilm")
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--entity-epochs", type=int, default=ENTITY_EPOCHS)
    parser.add_argument("--quote-epochs", type=int, default=QUOTE_EPOCHS)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    np.random.seed(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if options.threads:
        torch.set_num_threads(options.threads)
    steps = plan(options.shared, open_tokenizer(options.minilm), options.seed, options.entity_epochs, options.quote_epochs)
    model = Encoder.pretrained(options.minilm, len(corpora.tag_names())).to(device)
    if options.start:
        model.load_state_dict(torch.load(options.start, map_location=device))
    fresh = [p for n, p in model.named_parameters() if n.startswith(("head", "shapes"))]
    old = [p for n, p in model.named_parameters() if not n.startswith(("head", "shapes"))]
    optimizer = torch.optim.AdamW([{"params": old, "lr": options.rate}, {"params": fresh, "lr": (1 if options.start else 10) * options.rate}], weight_decay=0.01, fused=True)
    warm = max(1, len(steps) // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min((s + 1) / warm, max(0.0, (len(steps) - s) / (len(steps) - warm))))
    checkpoint, done = options.out / "checkpoint.pt", 0
    if checkpoint.exists():
        stored = torch.load(checkpoint, map_location=device)
        model.load_state_dict(stored["model"])
        optimizer.load_state_dict(stored["optimizer"])
        schedule.load_state_dict(stored["schedule"])
        done = stored["step"]
    print(json.dumps({"steps": len(steps), "from": done, "device": device}), flush=True)
    model.train()
    began, running = time.time(), 0.0
    for step in range(done, len(steps)):
        pieces, shapes, labels, misc_known = (t.to(device) for t in batch(steps[step]))
        with torch.autocast(device, dtype=torch.bfloat16):
            logits = model(pieces, shapes)
        loss = head_losses(logits, labels, misc_known)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        running = float(loss.detach()) if step == done else 0.98 * running + 0.02 * float(loss.detach())
        if step % 50 == 49:
            print(json.dumps({"step": step + 1, "loss": round(running, 4), "seconds": round(time.time() - began)}), flush=True)
        if step % 200 == 199:
            torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(), "step": step + 1}, checkpoint)
    torch.save(model.state_dict(), options.out / "teacher.pt")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""teacher.py SHARED MINILM OUT [--seed N] [--start FILE] [--texts FILE…]: trains the encoder, all heads together.

Batches of entity windows alternate with batches of whole documents: articles with quotations, with coreference, posts with
block quotations, with `--composed` articles made of others (`compose.py`). Checkpoints stand in OUT; run again to resume. `--heads` trains only what reads the encoder's states. `--start` goes on from trained weights, as another cycle
with a warm-up and a decay of its own; what those say of documents whose names or roles nobody labelled is learned as well,
so that every kind of text teaches every head (learning without forgetting, Li & Hoiem 2016). With `--texts`, files of
`label.py`, batches of unlabelled text are mixed in, earlier more than later: the encoder learns the probabilities found
there from text in which words are hidden, and the hidden words (noisy student, Xie et al. 2020; BERT's masked language
model, Devlin et al. 2019). Words are then hidden in labelled batches as well, but for the last of them.
"""
import argparse
import copy
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional as F

import corpora
from compose import composed_documents
from corpora import IGNORED
from encoder import Encoder, Guess
from heads import wanted_arcs, wanted_rows
from student import read_teacher
from windows import batch, cut, head_losses, of_like_length, soft_losses, with_soft

LIMIT = 256
ENTITY_EPOCHS, QUOTE_EPOCHS, BLOCK_EPOCHS, COREF_EPOCHS = 2, 3, 3, 3
BATCH_PIECES = 3072
RATE = 1.5e-4
TEXT_LIMIT = 192
# The share of words hidden in texts and in labelled windows, and from which part of the run on labelled ones are whole.
HIDDEN_IN_TEXTS, HIDDEN_IN_GOLD, WHOLE_FROM = 0.15, 0.1, 0.75
GUESS_WEIGHT, ARC_WEIGHT, ROW_WEIGHT, TAUGHT_WEIGHT = 0.3, 0.5, 1.0, 0.5
# The share of batches of documents in which the weights of the start teach the heads without labels.
TAUGHT_SHARE = 0.6


@dataclass
class Step:
    """A batch, and of which documents its windows are where those are read whole."""

    windows: list
    documents: list | None = None
    taught: bool = False


def open_tokenizer(minilm):
    tokenizer = Tokenizer.from_file(str(Path(minilm) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def batches(windows, generator):
    return of_like_length(windows, lambda window: len(window.pieces), BATCH_PIECES, generator)


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


def document_batches(documents, tokenizer, generator):
    """Shuffled batches of windows that follow each other, begun somewhere else each time: article after article, in as many
    batches as it takes; but texts of one window with others of like length."""
    made, single, current = [], [], []
    for number in generator.sample(range(len(documents)), len(documents)):
        windows = cut(documents[number], number, tokenizer, LIMIT, generator.randint(LIMIT // 4, LIMIT))
        if len(windows) == 1:
            single += windows
            continue
        for window in windows:
            longest = max(len(w.pieces) for w in [*current, window])
            if longest * (len(current) + 1) > BATCH_PIECES:
                made.append(current)
                current = []
            current = [*current, window]
    made += [current] if current else []
    made += batches(single, generator) if single else []
    generator.shuffle(made)
    return made


def plan(shared, tokenizer, options):
    """All batches of the run in order: the same for the same seed."""
    generator = random.Random(options.seed)
    read = lambda names, reader: [d for name in names for d in reader(shared, name)]
    varied = lambda documents, straight: [corpora.with_straight_marks(d, generator, straight) for d in documents]
    chains = []
    entity = read(corpora.NER_TRAIN, corpora.entity_documents)
    chain = []
    for _ in range(options.entity_epochs):
        windows = [w for i, d in enumerate(entity) for w in cut(d, i, tokenizer, LIMIT)]
        chain += [Step(b) for b in batches(windows, generator)]
    chains.append(chain)
    for documents, epochs in (
        (read(corpora.QUOTE_TRAIN, corpora.quote_documents), options.quote_epochs),
        (read(corpora.BLOCK_TRAIN, corpora.block_documents), options.block_epochs),
        (composed_documents(shared, options.seed, options.composed) if options.composed else [], 1),
        (read([n for n in corpora.COREF_TRAIN if not n.startswith("gap")], corpora.coref_documents), options.coref_epochs),
        (read([n for n in corpora.COREF_TRAIN if n.startswith("gap")], corpora.coref_documents), options.coref_epochs),
    ):
        chain = []
        for _ in range(epochs if documents else 0):
            turned = varied(documents, 0.3)
            is_taught = lambda: bool(options.start) and documents[0].paragraphs is not None and generator.random() < TAUGHT_SHARE
            chain += [Step(b, turned, is_taught()) for b in document_batches(turned, tokenizer, generator)]
        chains.append(chain)
    # Interleave so that all kinds of batches end together, and each keeps its epochs' order.
    keyed = [((i + 0.5) / len(chain), k, i) for k, chain in enumerate(chains) for i in range(len(chain))]
    if options.texts:
        # Half of the texts come in the first quarter of the run, and none in the last twentieth.
        chains.append([Step(b) for b in batches(text_windows(shared, tokenizer, options.texts, options.text_share, generator), generator)])
        keyed += [(0.95 * ((i + 0.5) / len(chains[-1])) ** 2, len(chains) - 1, i) for i in range(len(chains[-1]))]
    return [chains[k][i] for _, k, i in sorted(keyed)]


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
    parser.add_argument("--composed", type=int, default=0, help="how many articles composed of others are read as well")
    parser.add_argument("--coref-epochs", type=int, default=COREF_EPOCHS)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--heads", action="store_true", help="train the heads for arcs and paragraphs only, and leave the encoder as it is")
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    np.random.seed(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if options.threads:
        torch.set_num_threads(options.threads)
    steps = plan(options.shared, open_tokenizer(options.minilm), options)
    model = Encoder.pretrained(options.minilm, len(corpora.tag_names())).to(device)
    if options.start:
        model.load_mean(options.start)
    taught_by = copy.deepcopy(model).eval() if options.start else None
    guess = Guess(*reversed(model.words.weight.shape)).to(device)
    named = lambda *starts: [p for n, p in model.named_parameters() if n.startswith(starts)]
    fresh, new = named("head", "shapes"), named("arcs", "rows")
    old = [p for n, p in model.named_parameters() if not n.startswith(("head", "shapes", "arcs", "rows"))]
    if options.heads:
        steps = [step for step in steps if step.documents]
        for parameter in [*old, *fresh]:
            parameter.requires_grad_(False)
    groups = [(old, 1), (fresh, 1 if options.start else 10), (new, 10), (guess.parameters(), 3)]
    optimizer = torch.optim.AdamW([{"params": params, "lr": times * options.rate} for params, times in groups], weight_decay=0.01, fused=True)
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
    print(json.dumps({"steps": len(steps), "of documents": sum(s.documents is not None for s in steps), "of text": sum(s.windows[0].soft is not None for s in steps), "from": done, "device": device}), flush=True)
    # Without dropout, what a frozen encoder says is what the heads will meet.
    model.train(not options.heads)
    began, running = time.time(), {}
    for number in range(done, len(steps)):
        step = steps[number]
        from_text = step.windows[0].soft is not None
        share = HIDDEN_IN_TEXTS if from_text else HIDDEN_IN_GOLD if number < WHOLE_FROM * len(steps) and not options.heads else 0.0
        tensors = batch(step.windows, share, np.random.default_rng([options.seed, number]))
        pieces, shapes, labels, misc_known, soft, hidden = (t if t is None else t.to(device) for t in tensors)
        arcs = wanted_arcs(step.windows, step.documents) if step.documents else None
        rows = wanted_rows(step.windows, step.documents) if step.documents else []
        with torch.autocast(device, dtype=torch.bfloat16):
            state = model.drop(model.hidden(pieces, shapes))
            logits = model.head(state)
            arc_loss = model.arcs(state, arcs.to(device)) if arcs else None
        losses = {}
        if from_text:
            losses["text"] = soft_losses(logits, soft)
            with torch.autocast(device, dtype=torch.bfloat16):
                guesses = guess(state[hidden != IGNORED], model.words)
            losses["guess"] = GUESS_WEIGHT * F.cross_entropy(guesses.float(), hidden[hidden != IGNORED])
        elif (labels != IGNORED).any() and not options.heads:
            losses["roles" if step.documents else "names"] = head_losses(logits, labels, misc_known)
        if arc_loss is not None:
            losses["arcs"] = ARC_WEIGHT * arc_loss
        scored = [(model.rows(state, row.to(device)), row.states.to(device)) for row in rows if (row.states != IGNORED).any()]
        if scored:
            scores, states = (torch.cat(part) for part in zip(*scored))
            losses["rows"] = ROW_WEIGHT * F.cross_entropy(scores, states, ignore_index=IGNORED)
        if step.taught and not options.heads:
            whole = batch(step.windows)[0].to(device)
            with torch.no_grad(), torch.autocast(device, dtype=torch.bfloat16):
                said = taught_by(whole, shapes).float()
            words = torch.tensor(np.stack([np.pad(w.starts, (0, whole.shape[1] - len(w.starts)), constant_values=-1) for w in step.windows]) >= 0).to(device)
            answers = torch.cat([torch.softmax(said[..., part], dim=-1) for part in corpora.head_slices().values()], dim=-1) * words[..., None]
            known = [head for h, head in enumerate(corpora.HEADS) if (labels[h] != IGNORED).any()]
            losses["taught"] = TAUGHT_WEIGHT * soft_losses(logits, answers, known)
        if not losses:
            continue
        loss = sum(losses.values())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*model.parameters(), *guess.parameters()], 1.0)
        optimizer.step()
        schedule.step()
        for name, value in losses.items():
            running[name] = float(value.detach()) if name not in running else 0.98 * running[name] + 0.02 * float(value.detach())
        if number % 50 == 49:
            print(json.dumps({"step": number + 1, **{n: round(v, 4) for n, v in running.items()}, "seconds": round(time.time() - began)}), flush=True)
        if number % 200 == 199:
            torch.save({"model": model.state_dict(), "guess": guess.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(), "step": number + 1}, checkpoint)
    torch.save(model.state_dict(), options.out / "teacher.pt")


if __name__ == "__main__":
    main()

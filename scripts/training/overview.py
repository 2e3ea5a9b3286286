#!/usr/bin/env python3
"""overview.py SHARED MINILM MODEL OUT [--seed N]: trains the second look at paragraphs for block quotations, and writes it
into the weights of MODEL, a folder.

Paragraphs, abridged, are read many in one window, as `src/tag/overview.rs` has them: the lower layers of MODEL's encoder stay
as they are, copies of the last ones are fitted. Learned from posts with known block quotations, from articles composed of
others (`compose.py`), from articles written for it (`data/blocks`), and from news, which has next to none. Words are hidden
but in the last part of the run, so that articles are not learned by heart, and the weights are a running mean (Polyak and
Juditsky 1992). Checkpoints stand in OUT; run again to resume.
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
from torch import nn
from torch.nn import functional as F

import corpora
import sealed
from compose import composed_documents, with_states
from corpora import IGNORED
from encoder import Encoder
from export import stored
from heads import STATES
from rows import exact_and_paragraphs
from windows import CLS, EDGE_SHAPE, MASK, SEP, of_like_length, shapes_of

WINDOW, BEGINNING, END = 512, 48, 16
LAYERS, TURN = 3, 128
EPOCHS, RATE, BATCH_PIECES = 2, 2e-4, 3072
# How many articles are composed for each epoch.
COMPOSED, COMPOSED_SEED = 250, 1000
# How many articles of news are read in an epoch, and how many pieces the first window of an article has at least.
NEWS, LEAST_WINDOW = 150, 200
# The share of pieces that are hidden, from which part of the run on none are, and how much a step moves the mean.
HIDDEN, WHOLE_FROM, MEAN_RATE = 0.1, 0.75, 0.01


@dataclass
class Paragraph:
    pieces: list
    shapes: list
    state: int


def abridged(values):
    return values if len(values) <= BEGINNING + END else values[:BEGINNING] + values[-END:]


def paragraphs_of(document, tokenizer):
    """The paragraphs of a document in which the tokenizer sees something."""
    found = []
    for text, state in with_states(document):
        encoding = tokenizer.encode(text, add_special_tokens=False)
        if encoding.ids:
            pieces, shapes = abridged(encoding.ids), abridged(shapes_of(text, encoding))
            found.append(Paragraph(pieces, shapes, IGNORED if state is None else state))
    return found


def windows(lengths, first_limit=WINDOW):
    """Paragraphs that are read together and those of them whose answers count, as the program cuts them; but the first window
    may be shorter, so that windows begin elsewhere in other epochs."""
    found, first, limit = [], 0, first_limit
    while first < len(lengths):
        end, room = first, limit - 1
        while end < len(lengths) and lengths[end] < room:
            room -= 1 + lengths[end]
            end += 1
        end = max(end, first + 1)
        start = first
        if found:
            start = first + (found[-1][1] - first) // 2
            found[-1][3] = start
        found.append([first, end, start, end])
        if end == len(lengths):
            break
        first, limit = max(first + 1, end - max(2, (end - first) // 2)), WINDOW
    return found


class Overview(nn.Module):
    """The last layers, fitted, and the head."""

    def __init__(self, encoder):
        super().__init__()
        width = encoder.words.weight.shape[1]
        self.layers = copy.deepcopy(encoder.layers[-LAYERS:])
        self.turn = nn.Linear(2 * width, TURN)
        self.output = nn.Linear(TURN, STATES)
        self.drop = nn.Dropout(0.1)

    def forward(self, state, mask, marks, owner):
        """Scores of the states of paragraphs; `owner` says for every piece which paragraph it stands in, counted from 1."""
        for layer in self.layers:
            state = layer(state, mask)
        own = F.one_hot(owner, marks.shape[1] + 1)[..., 1:].to(state.dtype)
        means = own.transpose(1, 2) @ state / own.sum(1)[..., None].clamp(min=1)
        marked = state.gather(1, marks[..., None].expand(-1, -1, state.shape[-1]))
        turned = torch.tanh(self.turn(self.drop(torch.cat([marked, means], dim=-1))))
        return self.output(self.drop(turned)).float()


def below(encoder, pieces, shapes):
    """What the layers that stay say, with the mask of padding."""
    mask = (pieces == 0)[:, None, None, :] * -1e4
    with torch.no_grad():
        state = encoder.norm(encoder.words(pieces) + encoder.places(torch.arange(pieces.shape[1])) + encoder.shapes(shapes))
        for layer in encoder.layers[:-LAYERS]:
            state = layer(state, mask)
    return state, mask


def tensors_of(windows):
    """The windows, lists of paragraphs, as tensors: pieces, shapes, places of marks, owners, states."""
    longest, most = max(length_of(w) for w in windows), max(map(len, windows))
    pieces, shapes, owner = (torch.zeros(len(windows), longest, dtype=torch.long) for _ in range(3))
    marks, states = torch.zeros(len(windows), most, dtype=torch.long), torch.full((len(windows), most), IGNORED)
    for n, window in enumerate(windows):
        pieces[n, 0], shapes[n, 0], at = CLS, EDGE_SHAPE, 1
        for k, p in enumerate(window):
            end = at + 1 + len(p.pieces)
            pieces[n, at:end], shapes[n, at:end] = torch.tensor([SEP, *p.pieces]), torch.tensor([EDGE_SHAPE, *p.shapes])
            owner[n, at:end], marks[n, k], states[n, k] = k + 1, at, p.state
            at = end
    return pieces, shapes, marks, owner, states


def hidden(pieces, share):
    """Pieces with `share` of them, but for marks and padding, behind [MASK]."""
    return torch.where((torch.rand(pieces.shape) < share) & (pieces > MASK), MASK, pieces)


def length_of(window):
    return 1 + sum(1 + len(p.pieces) for p in window)


def plan(shared, tokenizer, seed):
    """All batches of the run in order: the same for the same seed."""
    generator, steps = random.Random(seed), []
    posts = [d for name in corpora.BLOCK_TRAIN for d in corpora.block_documents(shared, name)]
    news = corpora.quote_documents(shared, "polnear.train")
    for epoch in range(EPOCHS):
        documents = posts + corpora.own_block_documents() + generator.sample(news, min(NEWS, len(news)))
        documents += composed_documents(shared, COMPOSED_SEED * seed + epoch, COMPOSED)
        cut = []
        for document in documents:
            paragraphs = paragraphs_of(corpora.with_straight_marks(document, generator, 0.3), tokenizer)
            parts = windows([len(p.pieces) for p in paragraphs], generator.randint(LEAST_WINDOW, WINDOW))
            cut += [paragraphs[first:end] for first, end, _, _ in parts]
        steps += of_like_length([w for w in cut if any(p.state != IGNORED for p in w)], length_of, BATCH_PIECES, generator)
    return steps


def report(name, encoder, overview, documents, tokenizer):
    overview.eval()
    answers = []
    for document in documents:
        paragraphs, said = paragraphs_of(document, tokenizer), []
        for first, end, start, stop in windows([len(p.pieces) for p in paragraphs]):
            pieces, shapes, marks, owner, _ = tensors_of([paragraphs[first:end]])
            with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
                said.append(overview(*below(encoder, pieces, shapes), marks, owner)[0, start - first : stop - first])
        if said:
            answers.append((torch.cat(said).argmax(1).numpy(), np.array([p.state for p in paragraphs])))
    print(json.dumps({"set": name, **exact_and_paragraphs(answers)}), flush=True)


def install(overview, encoder, model):
    """Writes the layers and the head into the weights of the model."""
    first = len(encoder.layers) - LAYERS
    state = overview.state_dict()
    layers = {f"layers.{first + int(n.split('.')[1])}.{n.split('.', 2)[2]}": v for n, v in state.items() if n.startswith("layers.")}
    own = {f"overview.{name}": value for name, value in stored(layers).items()}
    own |= {f"overview.{n}": v.numpy().astype(np.float16) for n, v in state.items() if n.startswith(("turn", "output"))}
    sealed.change(model, lambda tensors: {n: v for n, v in tensors.items() if not n.startswith("overview.")} | own)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("minilm", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    tokenizer = Tokenizer.from_file(str(options.minilm / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    encoder = Encoder.pretrained(options.minilm, len(corpora.tag_names()))
    encoder.load(options.model / "weights.safetensors")
    encoder.eval()
    overview = Overview(encoder)
    steps = plan(options.shared, tokenizer, options.seed)
    fresh = [p for n, p in overview.named_parameters() if n.startswith(("turn", "output"))]
    groups = [{"params": overview.layers.parameters(), "lr": RATE}, {"params": fresh, "lr": 10 * RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    warm = max(1, len(steps) // 15)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min((s + 1) / warm, max(0.0, (len(steps) - s) / (len(steps) - warm))))
    mean = {name: value.clone() for name, value in overview.state_dict().items()}
    checkpoint, done = options.out / "checkpoint.pt", 0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        overview.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        schedule.load_state_dict(saved["schedule"])
        mean, done = saved["mean"], saved["step"]
    print(json.dumps({"steps": len(steps), "from": done}), flush=True)
    overview.train()
    began, running = time.time(), 0.0
    for number in range(done, len(steps)):
        pieces, shapes, marks, owner, states = tensors_of(steps[number])
        pieces = hidden(pieces, HIDDEN if number < WHOLE_FROM * len(steps) else 0.0)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = overview(*below(encoder, pieces, shapes), marks, owner)
        loss = F.cross_entropy(scores.flatten(0, 1), states.flatten(), ignore_index=IGNORED)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(overview.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        with torch.no_grad():
            for name, value in overview.state_dict().items():
                mean[name].lerp_(value, MEAN_RATE)
        running = float(loss.detach()) if number == done else 0.98 * running + 0.02 * float(loss.detach())
        if number % 50 == 49:
            print(json.dumps({"step": number + 1, "loss": round(running, 4), "seconds": round(time.time() - began)}), flush=True)
        if number % 200 == 199:
            torch.save({"model": overview.state_dict(), "mean": mean, "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(), "step": number + 1}, checkpoint)
    overview.load_state_dict(mean)
    torch.save(mean, options.out / "overview.pt")
    report("open.dev", encoder, overview, corpora.block_documents(options.shared, "open.dev"), tokenizer)
    install(overview, encoder, options.model)


if __name__ == "__main__":
    main()

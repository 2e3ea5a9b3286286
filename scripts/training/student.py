#!/usr/bin/env python3
"""student.py SHARED PROGRAM OUT [--teacher FILE…] [--start FILE] [--seed N]: trains the embedded network.

PROGRAM writes what the network sees of a text (`cargo build --release --example training`). With --teacher, the files of
`label.py`, it learns the teacher's probabilities on all of its texts besides the gold labels. With --start it goes on from
released weights. `--untrained` writes a network of random weights, with which the crate builds before any training.
"""
import argparse
import json
import math
import random
import subprocess
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import corpora
from corpora import IGNORED
from windows import head_losses, of_like_length, word_labels

TABLES = {"word": (65536, 64), "prefix": (8192, 32), "suffix": (16384, 32), "shape": (512, 24), "place": (64, 16), "listed": (corpora.LISTED, 24)}
# What PROGRAM writes of a token: where it starts and ends, and its features.
COLUMNS = 10
CHANNELS = 128
DILATIONS = [1, 2, 4, 8, 16, 1, 1]
WINDOW = 256
BATCH_TOKENS = 4096
RATE = 2e-3
GOLD_EPOCHS = 8
TEXT_EPOCHS = 4
WORD_DROPOUT = 0.12
OUTPUTS = len(corpora.tag_names())


class Block(nn.Module):
    def __init__(self, dilation):
        super().__init__()
        self.norm = nn.LayerNorm(CHANNELS)
        self.conv = nn.Conv1d(CHANNELS, CHANNELS, 3, padding=dilation, dilation=dilation)
        self.drop = nn.Dropout(0.1)

    def forward(self, x, mask):
        y = self.norm(x) * mask
        return x + self.drop(F.relu(self.conv(y.transpose(1, 2)).transpose(1, 2)))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.tables = nn.ModuleDict({name: nn.Embedding(*size) for name, size in TABLES.items()})
        for table in self.tables.values():
            nn.init.normal_(table.weight, std=0.3)
        self.input = nn.Linear(sum(width for _, width in TABLES.values()), CHANNELS)
        self.blocks = nn.ModuleList(Block(d) for d in DILATIONS)
        self.norm = nn.LayerNorm(CHANNELS)
        self.output = nn.Linear(CHANNELS, OUTPUTS)
        self.drop = nn.Dropout(0.2)

    def forward(self, features, mask):
        """`features`: batch x tokens x 6 hashes and the halves of what lists say, a bit each; `mask`: batch x tokens x 1, 0 on
        padding."""
        row = lambda name, column: self.tables[name](features[..., column] % TABLES[name][0])
        word = row("word", 0) + row("word", 1)
        if self.training:
            word = word * (torch.rand(*word.shape[:2], 1, device=word.device) >= WORD_DROPOUT)
        said = torch.cat([features[..., half, None] >> torch.arange(32, device=word.device) & 1 for half in (6, 7)], dim=-1)
        listed = said[..., : corpora.LISTED].to(word.dtype) @ self.tables["listed"].weight
        x = torch.cat([word, row("prefix", 2), row("suffix", 3), row("shape", 4), row("place", 5), listed], dim=-1)
        x = self.input(self.drop(x))
        for block in self.blocks:
            x = block(x, mask)
        return self.output(self.drop(self.norm(x)))

    def load(self, path):
        """Takes over what `export` wrote."""
        from safetensors.numpy import load_file

        stored = load_file(path)
        value = lambda name: torch.from_numpy(stored[name].astype(np.float32))
        state = {f"tables.{name}.weight": value(f"{name}.q") * value(f"{name}.scale")[:, None] for name in TABLES}
        for kind in ("weight", "bias"):
            state |= {f"{name}.{kind}": value(f"{name}.{kind}") for name in ("input", "output", "norm")}
            state |= {f"blocks.{i}.norm.{kind}": value(f"blocks.{i}.norm.{kind}") for i in range(len(DILATIONS))}
        for i in range(len(DILATIONS)):
            state[f"blocks.{i}.conv.weight"] = value(f"blocks.{i}.weight").reshape(CHANNELS, 3, CHANNELS).permute(0, 2, 1)
            state[f"blocks.{i}.conv.bias"] = value(f"blocks.{i}.bias")
        self.load_state_dict(state)

    def export(self, path):
        """Writes the weights as `whosaid::tag::network` reads them: tables in 8 bits, matrices in 16, vectors in 32."""
        from safetensors.numpy import save_file

        tensors = {}
        for name, table in self.tables.items():
            values = table.weight.detach().cpu().numpy()
            scale = np.maximum(np.abs(values).max(axis=1), 1e-8) / 127
            tensors[f"{name}.q"] = np.clip(np.rint(values / scale[:, None]), -127, 127).astype(np.int8)
            tensors[f"{name}.scale"] = scale.astype(np.float32)
        linear = {"input": (self.input.weight, self.input.bias), "output": (self.output.weight, self.output.bias)}
        norms = {"norm": self.norm}
        for i, (block, dilation) in enumerate(zip(self.blocks, DILATIONS)):
            # Rows of one output, columns neighbour by neighbour: left, centre, right.
            linear[f"blocks.{i}"] = (block.conv.weight.permute(0, 2, 1).reshape(CHANNELS, 3 * CHANNELS), block.conv.bias)
            norms[f"blocks.{i}.norm"] = block.norm
            tensors[f"blocks.{i}.dilation"] = np.array([dilation], dtype=np.float32)
        for name, (weight, bias) in linear.items():
            tensors[f"{name}.weight"] = np.ascontiguousarray(weight.detach().cpu().numpy()).astype(np.float16)
            tensors[f"{name}.bias"] = bias.detach().cpu().numpy().astype(np.float32)
        for name, norm in norms.items():
            tensors[f"{name}.weight"] = norm.weight.detach().cpu().numpy()
            tensors[f"{name}.bias"] = norm.bias.detach().cpu().numpy()
        save_file(tensors, path)


def features_of(program, texts):
    """Token starts, ends and features of each text, in code points."""
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    out = np.frombuffer(subprocess.run([program, "words"], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout, dtype="<u4")
    found, at = [], 0
    for _ in texts:
        n = int(out[at])
        rows = out[at + 1 : at + 1 + COLUMNS * n].reshape(n, COLUMNS)
        found.append((rows[:, 0].astype(np.int64), rows[:, 2:]))
        at += 1 + COLUMNS * n
    return found


def softened(starts, teacher):
    """The teacher's probabilities at each of our tokens: those of the teacher's word that begins there or before."""
    word_starts, probabilities = teacher
    return probabilities[np.clip(np.searchsorted(word_starts, starts, side="right") - 1, 0, None)]


def windows_of(documents, found, teacher):
    """Stretches of at most WINDOW tokens: features, gold labels, the teacher's probabilities or None, MISC known."""
    made = []
    for document, (starts, features) in zip(documents, found):
        labels = word_labels(document, starts).astype(np.int8) if document.spans else None
        known = teacher.get(document.id) if teacher else None
        soft = softened(starts, known) if known is not None and len(known[0]) and len(starts) else None
        for a in range(0, len(starts), WINDOW):
            b = min(a + WINDOW, len(starts))
            made.append((features[a:b], None if labels is None else labels[:, a:b], None if soft is None else soft[a:b], document.misc_known))
    return made


def collate(items):
    longest = max(len(i[0]) for i in items)
    outputs, heads = OUTPUTS, len(corpora.HEADS)
    features = np.zeros((len(items), longest, COLUMNS - 2), dtype=np.int64)
    labels = np.full((heads, len(items), longest), IGNORED, dtype=np.int64)
    soft = np.zeros((len(items), longest, outputs), dtype=np.float32)
    has_soft = np.zeros((len(items), longest), dtype=bool)
    mask = np.zeros((len(items), longest, 1), dtype=np.float32)
    for k, (f, l, s, _) in enumerate(items):
        features[k, : len(f)] = f
        mask[k, : len(f)] = 1
        if l is not None:
            gold = l.astype(np.int64)
            gold[l == np.int8(IGNORED)] = IGNORED
            labels[:, k, : len(f)] = gold
        if s is not None:
            soft[k, : len(f)] = s[:, :outputs]
            has_soft[k, : len(f)] = True
    known = torch.tensor([i[3] for i in items])
    return torch.tensor(features), torch.tensor(mask), torch.tensor(labels), torch.tensor(soft), torch.tensor(has_soft), known


def distilled(logits, soft, has_soft):
    """Cross-entropy to the teacher's probabilities, head by head."""
    total = 0.0
    for part in corpora.head_slices().values():
        loss = -(soft[..., part] * F.log_softmax(logits[..., part], dim=-1)).sum(-1)
        total = total + (loss * has_soft).sum() / has_soft.sum().clamp(min=1)
    return total


def read_teacher(paths):
    """For every document's id the starts of the teacher's words and their probabilities."""
    known = {}
    for path in paths:
        stored = np.load(path)
        counts, starts, probabilities = stored["counts"], stored["starts"], stored["probabilities"]
        for document, count, end in zip(stored["ids"], counts, np.cumsum(counts)):
            known[str(document)] = (starts[end - count : end], probabilities[end - count : end])
    return known


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared")
    parser.add_argument("program")
    parser.add_argument("out", type=Path)
    parser.add_argument("--teacher", nargs="*", default=[])
    parser.add_argument("--start", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--gold-epochs", type=int, default=GOLD_EPOCHS)
    parser.add_argument("--text-epochs", type=int, default=TEXT_EPOCHS)
    parser.add_argument("--untrained", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    np.random.seed(options.seed)
    generator = random.Random(options.seed)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = Network().to(device)
    if options.start:
        network.load(options.start)
    if options.untrained:
        network.export(options.out)
        return

    teacher = read_teacher(options.teacher) if options.teacher else None
    gold = [d for name in corpora.NER_TRAIN for d in corpora.entity_documents(options.shared, name)]
    quotes = [d for name in corpora.QUOTE_TRAIN for d in corpora.quote_documents(options.shared, name)]
    gold += quotes + [corpora.Document(d.id, d.text.translate(corpora.STRAIGHT), d.spans) for d in generator.sample(quotes, len(quotes) // 3)]
    texts = corpora.student_texts(options.shared) if teacher else []
    print(json.dumps({"gold": len(gold), "texts": len(texts)}), flush=True)
    gold = windows_of(gold, features_of(options.program, [d.text for d in gold]), teacher)
    texts = windows_of(texts, features_of(options.program, [d.text for d in texts]), teacher) if texts else []
    print(json.dumps({"gold windows": len(gold), "text windows": len(texts)}), flush=True)

    chain = []
    every = max(1, options.gold_epochs // options.text_epochs)
    for epoch in range(options.gold_epochs):
        part = gold + texts[epoch % every :: every]
        chain += of_like_length(part, lambda window: len(window[0]), BATCH_TOKENS, generator)
    optimizer = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=1e-4, fused=True)
    warm = 200
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min((s + 1) / warm, 0.5 * (1 + math.cos(math.pi * min(1, s / len(chain))))))
    average = {name: value.clone() for name, value in network.state_dict().items()}
    network.train()
    began, running, tokens = time.time(), None, 0
    for step, items in enumerate(chain):
        features, mask, labels, soft, has_soft, misc_known = (t.to(device) for t in collate(items))
        with torch.autocast(device, dtype=torch.bfloat16):
            logits = network(features, mask)
        logits = logits.float()
        loss = head_losses(logits, labels, misc_known) if (labels != IGNORED).any() else 0.0
        if has_soft.any():
            loss = 0.5 * loss + 1.5 * distilled(logits, soft, has_soft)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        tokens += int(mask.sum())
        # The average over the last steps generalises better than any one of them.
        decay = min(0.998, (step + 1) / (step + 10))
        with torch.no_grad():
            for name, value in network.state_dict().items():
                average[name].lerp_(value, 1 - decay)
        running = float(loss.detach()) if running is None else 0.98 * running + 0.02 * float(loss.detach())
        if step % 100 == 99:
            seconds = time.time() - began
            print(json.dumps({"step": step + 1, "of": len(chain), "loss": round(running, 4), "tokens/s": round(tokens / seconds), "seconds": round(seconds)}), flush=True)
        if step % 500 == 499:
            torch.save(average, options.out.with_suffix(".pt"))
    network.load_state_dict(average)
    network.eval()
    network.export(options.out)


if __name__ == "__main__":
    main()

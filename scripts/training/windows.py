"""Documents cut into windows of word pieces for the teacher, and its labels spread over them."""
from dataclasses import dataclass, replace

import numpy as np

from corpora import HEADS, IGNORED, head_slices
from encoder import SHAPES, shape_of

CLS, SEP, MASK = 101, 102, 103
# The shape of what is no word: the marks at edges.
EDGE_SHAPE = SHAPES


@dataclass
class Window:
    document: int
    pieces: np.ndarray  # with [CLS] and [SEP]
    shapes: np.ndarray
    starts: np.ndarray  # code point of each word's first piece, in the document; -1 elsewhere
    all_starts: np.ndarray  # code point of each piece; -1 for [CLS] and [SEP]
    labels: np.ndarray  # heads x pieces, tag index within the head, or IGNORED
    misc_known: bool
    first: int  # the pieces of the document that it holds: from `first` up to `last`
    last: int
    soft: np.ndarray | None = None  # pieces x tags: the probabilities of a trained encoder, instead of labels


def first_pieces(encoding):
    """For each piece whether it begins a word."""
    words, first, previous = encoding.word_ids, [], None
    for word in words:
        first.append(word is not None and word != previous)
        previous = word
    return first


def shapes_of(text, encoding):
    """For every piece the shape of the word that it belongs to."""
    words, offsets, first = encoding.word_ids, encoding.offsets, first_pieces(encoding)
    ends = {word: end for word, (_, end) in zip(words, offsets)}
    shapes, shape = [], EDGE_SHAPE
    for i, (start, _) in enumerate(offsets):
        if first[i]:
            shape = shape_of(text[start : ends[words[i]]])
        shapes.append(shape)
    return shapes


def of_like_length(windows, length, most, generator):
    """Shuffled batches of windows of like length, so that little of them is padding: with it at most `most` pieces or
    words, which `length` counts."""
    made, current, longest = [], [], 0
    for window in sorted(windows, key=lambda w: (length(w) // 16, generator.random())):
        longest = max(longest, length(window))
        if current and (len(current) + 1) * longest > most:
            made.append(current)
            current, longest = [], length(window)
        current.append(window)
    made.append(current)
    generator.shuffle(made)
    return made


def word_labels(document, word_starts):
    """Tag indexes per head of the words that begin at `word_starts` (ascending): heads x words."""
    labels = np.full((len(HEADS), len(word_starts)), IGNORED, dtype=np.int64)
    for h, (head, names) in enumerate(HEADS.items()):
        if head not in document.spans:
            continue
        labels[h] = 0
        for start, end, label in document.spans[head]:
            a, b = np.searchsorted(word_starts, [start, end])
            if a < b:
                kind = 1 + 2 * names.index(label)
                labels[h, a:b] = kind + 1
                labels[h, a] = kind
    return labels


def cut(document, number, tokenizer, limit, first_limit=None):
    """Windows of whole lines, as many as fit into `limit` pieces (`first_limit` for the first, so that windows begin at
    other lines in other epochs); a longer line is cut between words. A line that ends with a colon is not parted from
    the next."""
    encoding = tokenizer.encode(document.text, add_special_tokens=False)
    ids, offsets, first = encoding.ids, encoding.offsets, first_pieces(encoding)
    if not ids:
        return []
    starts = np.array([offsets[i][0] if first[i] else -1 for i in range(len(ids))])
    all_starts = np.array([start for start, _ in offsets])
    shapes = np.array(shapes_of(document.text, encoding), dtype=np.int64)
    labels = np.full((len(HEADS), len(ids)), IGNORED, dtype=np.int64)
    labels[:, starts >= 0] = word_labels(document, starts[starts >= 0])

    rooms = [(first_limit or limit) - 2, limit - 2]
    breaks = [0]  # piece indexes at which a line begins
    for i in range(1, len(ids)):
        if first[i] and "\n" in document.text[offsets[i - 1][1] : offsets[i][0]] and document.text[offsets[i - 1][0]] != ":":
            breaks.append(i)
    breaks.append(len(ids))
    windows, start = [], 0
    while start < len(ids):
        room = rooms[bool(start)]
        fitting = [b for b in breaks if start < b <= start + room]
        end = fitting[-1] if fitting else next((i for i in range(min(start + room, len(ids) - 1), start, -1) if first[i]), start + room)
        end = min(end, len(ids))
        part = slice(start, end)
        pad = lambda a, left, right: np.concatenate([[left], a, [right]])
        edge = np.full((len(HEADS), 1), IGNORED)
        windows.append(
            Window(number, pad(np.array(ids[part]), CLS, SEP), pad(shapes[part], EDGE_SHAPE, EDGE_SHAPE), pad(starts[part], -1, -1), pad(all_starts[part], -1, -1), np.concatenate([edge, labels[:, part], edge], axis=1), document.misc_known, start, end)
        )
        start = end
    return windows


def batch(windows, share=0.0, generator=None):
    """The windows as tensors, `share` of their words hidden: pieces, shapes, labels, MISC known, soft, hidden."""
    import torch

    longest = max(len(w.pieces) for w in windows)
    grid = lambda rows, fill: torch.tensor(np.stack([np.pad(r, (0, longest - len(r)), constant_values=fill) for r in rows]))
    seen = [masked(w.pieces, w.starts, share, generator) if share else (w.pieces, np.full(len(w.pieces), IGNORED)) for w in windows]
    pieces, shapes = grid([p for p, _ in seen], 0), grid([w.shapes for w in windows], 0)
    labels = torch.stack([grid([w.labels[h] for w in windows], IGNORED) for h in range(len(HEADS))])
    soft = None
    if windows[0].soft is not None:
        soft = torch.tensor(np.stack([np.pad(w.soft, ((0, longest - len(w.soft)), (0, 0))) for w in windows]))
    return pieces, shapes, labels, torch.tensor([w.misc_known for w in windows]), soft, grid([h for _, h in seen], IGNORED)


def with_soft(window, starts, probabilities):
    """The window with the probabilities of its words, which a labelled file holds by where words start."""
    soft = np.zeros((len(window.pieces), probabilities.shape[1]), np.float16)
    words = window.starts >= 0
    soft[words] = probabilities[np.clip(np.searchsorted(starts, window.starts[words]), 0, len(starts) - 1)]
    return replace(window, soft=soft)


def masked(pieces, starts, share, generator):
    """Pieces with `share` of the words hidden behind [MASK], and the hidden pieces (IGNORED elsewhere)."""
    word = np.cumsum(starts >= 0)
    hide = generator.random(word[-1] + 1) < share
    hide[0] = False  # what stands before the first word
    hidden = hide[word] & (pieces != SEP)
    return np.where(hidden, MASK, pieces), np.where(hidden, pieces, IGNORED)


def soft_losses(logits, soft, without=()):
    """Cross-entropy to given probabilities, the mean over words of the sum over heads, but for those of `without`."""
    from torch.nn import functional as F

    known = soft.sum(-1) > 0
    total = 0.0
    for head, part in head_slices().items():
        if head in without:
            continue
        total = total - (soft[..., part].float() * F.log_softmax(logits[..., part].float(), dim=-1)).sum()
    return total / known.sum().clamp(min=1)


def head_losses(logits, labels, misc_known):
    """The mean over words of the sum over heads. Where MISC is unknown, "O" stands for "O or MISC"."""
    import torch
    from torch.nn import functional as F

    total, slices = 0.0, head_slices()
    for h, head in enumerate(HEADS):
        if slices[head].stop > logits.shape[-1]:  # a head that the network does not have
            continue
        scores, gold = logits[..., slices[head]].float(), labels[h]
        known = gold != IGNORED
        if not known.any():
            continue
        chances = F.log_softmax(scores, dim=-1)
        loss = -chances.gather(-1, gold.clamp(min=0)[..., None])[..., 0]
        if head == "entity" and not misc_known.all():
            open_o = torch.logsumexp(chances[..., [0, 7, 8]], dim=-1)
            loss = torch.where((gold == 0) & ~misc_known.view(-1, *[1] * (gold.dim() - 1)), -open_o, loss)
        total = total + (loss * known).sum() / known.sum()
    return total

"""The second look at paragraphs: what it sees, and its network. `src/tag/overview.rs` is the same in the program."""
import argparse
import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from compose import with_states
from corpora import IGNORED, tag_names
from encoder import Encoder, Guess
from heads import GOES_ON, OPENS, STATES
from teacher import open_tokenizer
from windows import CLS, EDGE_SHAPE, SEP, shapes_of

# The pieces of a window at most, and how many stand for a longer paragraph: from its beginning and from its end.
WINDOW, BEGINNING, END = 512, 48, 16
DEPTH, TURN = 12, 128
# Whose words a piece is, by marks of quotation that were taken away: the author's, or quoted.
VOICES = 2


@dataclass
class Paragraph:
    pieces: np.ndarray
    shapes: np.ndarray
    state: int
    voices: np.ndarray | None = None


def abridged(values):
    return values if len(values) <= BEGINNING + END else np.concatenate([values[:BEGINNING], values[-END:]])


def paragraphs_of(document, tokenizer):
    """The paragraphs of a document in which the tokenizer sees something, abridged."""
    found = []
    for text, state in with_states(document):
        encoding = tokenizer.encode(text, add_special_tokens=False)
        if encoding.ids:
            pieces, shapes = abridged(np.array(encoding.ids)), abridged(np.array(shapes_of(text, encoding)))
            found.append(Paragraph(pieces, shapes, IGNORED if state is None else state))
    return found


@dataclass
class Window:
    """Paragraphs that are read together: what opened the quotation within which the window begins, the rest, and those of
    which the answers count."""

    context: range
    seen: range
    answered: range

    def of(self, paragraphs):
        return [paragraphs[i] for part in (self.context, self.seen) for i in part]


def windows(lengths, opening=lambda start: range(0), first_limit=WINDOW):
    """The windows of an article, as the program cuts them, each when it is asked for: `opening` says then what is shown before
    the paragraph at which a window starts. The first window may be shorter, so that windows begin elsewhere in other epochs."""

    def end_of(start, context, limit):
        room, end = limit - 1 - sum(1 + lengths[i] for i in context), start
        while end < len(lengths) and lengths[end] < room:
            room -= 1 + lengths[end]
            end += 1
        return max(end, start + 1)

    start, before, answered, limit = 0, 0, 0, first_limit
    while answered < len(lengths):
        context = opening(start)
        if end_of(start, context, limit) <= before:
            context = range(0)
        end = end_of(start, context, limit)
        following = max(start + 1, end - max(2, (end - start) // 2))
        answered_to = end if end == len(lengths) else following + (end - following) // 2
        yield Window(context, range(start, end), range(answered, answered_to))
        start, before, answered, limit = following, end, answered_to, WINDOW


def opening_of(states, start):
    """The lead-in and the first paragraph of the block quotation that goes on at `start`; none if it begins there, or there
    is none."""
    if start >= len(states) or states[start] != GOES_ON:
        return range(0)
    before = next((i for i in range(start - 1, -1, -1) if states[i] != GOES_ON), None)
    first = 0 if before is None else before if states[before] == OPENS else before + 1
    return range(max(0, first - 1), first + 1) if first < start else range(0)


@dataclass
class Batch:
    """Windows as tensors: a row of pieces each, where the marks before paragraphs stand, and what is known of both."""

    pieces: torch.Tensor
    shapes: torch.Tensor
    owner: torch.Tensor  # which paragraph a piece stands in, counted from 1
    voices: torch.Tensor
    marks: torch.Tensor
    states: torch.Tensor

    @classmethod
    def of(cls, windows):
        longest, most = max(map(length_of, windows)), max(map(len, windows))
        pieces, shapes, owner = (torch.zeros(len(windows), longest, dtype=torch.long) for _ in range(3))
        voices = torch.full((len(windows), longest), IGNORED)
        marks, states = torch.zeros(len(windows), most, dtype=torch.long), torch.full((len(windows), most), IGNORED)
        for n, window in enumerate(windows):
            pieces[n, 0], shapes[n, 0], at = CLS, EDGE_SHAPE, 1
            for k, p in enumerate(window):
                end = at + 1 + len(p.pieces)
                pieces[n, at], shapes[n, at] = SEP, EDGE_SHAPE
                pieces[n, at + 1 : end], shapes[n, at + 1 : end] = (torch.from_numpy(v.astype(np.int64)) for v in (p.pieces, p.shapes))
                if p.voices is not None:
                    voices[n, at + 1 : end] = torch.from_numpy(p.voices.astype(np.int64))
                owner[n, at:end], marks[n, k], states[n, k] = k + 1, at, p.state
                at = end
        return cls(pieces, shapes, owner, voices, marks, states)

    def to(self, device):
        return Batch(*(part.to(device, non_blocking=True) for part in vars(self).values()))

    def lengths(self):
        """How many paragraphs each window has."""
        return self.owner.amax(dim=1)

    def twice(self):
        return Batch(*(torch.cat([part, part]) for part in vars(self).values()))


def length_of(window):
    return 1 + sum(1 + len(p.pieces) for p in window)


class Overview(nn.Module):
    """Layers over the embeddings of an encoder, which stay as they are, and the heads: what state a paragraph is in, and
    while it learns from articles alone, what is hidden and whose words there are."""

    def __init__(self, encoder, depth=DEPTH):
        super().__init__()
        self.embeddings = [encoder.words, encoder.places, encoder.shapes, encoder.norm]
        for part in self.embeddings:
            part.requires_grad_(False)
        width = encoder.words.weight.shape[1]
        self.layers = nn.ModuleList(copy.deepcopy(encoder.layers[i * len(encoder.layers) // depth]) for i in range(depth))
        self.turn = nn.Linear(2 * width, TURN)
        self.output = nn.Linear(TURN, STATES)
        self.drop = nn.Dropout(0.1)
        self.voice = nn.Linear(width, VOICES)
        self.guess = Guess(width, encoder.words.weight.shape[0])

    def begin_with(self, state):
        """Takes over the weights of one that may have fewer layers: each stands for as many as it takes (Gong et al. 2019)."""
        depth = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
        wanted = {name: name for name in self.state_dict()}
        for name in wanted:
            if name.startswith("layers."):
                _, place, rest = name.split(".", 2)
                wanted[name] = f"layers.{int(place) * depth // len(self.layers)}.{rest}"
        self.load_state_dict({name: state[source] for name, source in wanted.items()})

    def hidden(self, pieces, shapes):
        words, places, of_shapes, norm = self.embeddings
        mask = (pieces == 0)[:, None, None, :] * -1e4
        state = self.drop(norm(words(pieces) + places(torch.arange(pieces.shape[1], device=pieces.device)) + of_shapes(shapes)))
        for layer in self.layers:
            state = layer(state, mask)
        return state

    def states(self, hidden, batch):
        """Scores of the states of paragraphs."""
        own = F.one_hot(batch.owner, batch.marks.shape[1] + 1)[..., 1:].to(hidden.dtype)
        means = own.transpose(1, 2) @ hidden / own.sum(1)[..., None].clamp(min=1)
        marked = hidden.gather(1, batch.marks[..., None].expand(-1, -1, hidden.shape[-1]))
        turned = torch.tanh(self.turn(self.drop(torch.cat([marked, means], dim=-1))))
        return self.output(self.drop(turned)).float()

    def forward(self, batch):
        return self.states(self.hidden(batch.pieces, batch.shapes), batch)

    def guesses(self, hidden):
        return self.guess(hidden, self.embeddings[0]).float()


def asked_for(description, *paths):
    """What a script was called with, each of the paths and a seed, and what it begins with: a device, the tokenizer, and the
    encoder of the model's folder."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for path in paths:
        parser.add_argument(path, type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    encoder = Encoder.pretrained(options.minilm, len(tag_names()))
    encoder.load(options.model / "weights.safetensors")
    return options, device, open_tokenizer(options.minilm), encoder.to(device)

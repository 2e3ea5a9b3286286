"""What the encoder says beyond the tags of words: which word leads to which, and which paragraphs are block quotations."""
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_sequence, unpack_sequence

from corpora import ARCS, IGNORED

ARC_WIDTH = 64
ROW_WIDTH, ROW_STATE = 192, 96
# How a paragraph may stand to a block quotation: it is the author's, opens one, goes on with one.
STATES = 3
AUTHORS, OPENS, GOES_ON = range(STATES)
# Pieces that a paragraph may begin and end with.
COLON, QUOTES, STOPS = 1024, (1000, 1005, 1520, 1521, 1523, 1524), (1012, 1029, 999)
SHAPES_OF_A_ROW = 7


class Arcs(nn.Module):
    """For every kind of arc a query and a key of each word (one head of attention, Vaswani et al. 2017). A word leads to
    words of its own window or the one before; or to `[CLS]`, which is to say nowhere."""

    def __init__(self, width):
        super().__init__()
        self.query = nn.Linear(width, len(ARCS) * ARC_WIDTH)
        self.key = nn.Linear(width, len(ARCS) * ARC_WIDTH)
        # What it costs, for each kind, to lead into the window before.
        self.back = nn.Parameter(torch.zeros(len(ARCS)))
        for layer in (self.query, self.key):
            nn.init.normal_(layer.weight, std=0.02)

    def forward(self, state, wanted):
        """The mean negative log probability of the words to which the arcs of `wanted` lead."""
        split = lambda x: x.view(*x.shape[:2], len(ARCS), ARC_WIDTH)
        queries, keys = split(self.query(state)), split(self.key(state))
        asked = queries[wanted.window, wanted.place, wanted.kind]
        kinds = wanted.kind
        scores = lambda windows: torch.einsum("nd,nld->nl", asked, keys[windows, :, kinds]).float() * ARC_WIDTH**-0.5
        own = scores(wanted.window)
        before = scores(wanted.before) + self.back[kinds][:, None]
        chances = F.log_softmax(torch.cat([before, own], dim=1).masked_fill(~wanted.possible, -1e4), dim=1)
        found = torch.logsumexp(chances.masked_fill(~wanted.right, -1e4), dim=1)
        return -(found * wanted.weight).sum() / wanted.weight.sum().clamp(min=1e-6)


class Rows(nn.Module):
    """The states of the paragraphs of an article: each is seen by its first word, the mean of its words and its form, and
    read forwards and backwards with all others by gated recurrent units (Cho et al. 2014)."""

    def __init__(self, width):
        super().__init__()
        self.input = nn.Linear(2 * width + SHAPES_OF_A_ROW, ROW_WIDTH)
        self.forwards = nn.GRU(ROW_WIDTH, ROW_STATE, batch_first=True)
        self.backwards = nn.GRU(ROW_WIDTH, ROW_STATE, batch_first=True)
        self.output = nn.Linear(2 * ROW_STATE + ROW_WIDTH, STATES)
        self.drop = nn.Dropout(0.3)

    def forward(self, state, rows):
        """The scores of the states of the paragraphs of one article."""
        flat = state.reshape(-1, state.shape[-1]).float()
        sums = torch.zeros(len(rows.first), flat.shape[1], dtype=flat.dtype, device=flat.device).index_add(0, rows.owner, flat[rows.pieces])
        means = sums / torch.bincount(rows.owner, minlength=len(rows.first))[:, None]
        return self.scores([torch.cat([flat[rows.first], means, rows.shapes], dim=1)])

    def scores(self, articles):
        """The scores of the states of the paragraphs of some articles, all in one row."""
        x = torch.tanh(self.input(self.drop(torch.cat(articles))))
        parts = x.split([len(article) for article in articles])
        through = lambda units, parts: unpack_sequence(units(pack_sequence(parts, enforce_sorted=False))[0])
        ahead = through(self.forwards, parts)
        back = [part.flip(0) for part in through(self.backwards, [part.flip(0) for part in parts])]
        return self.output(self.drop(torch.cat([torch.cat(ahead), torch.cat(back), x], dim=1)))


class Tensors:
    """A record of tensors, which go to a device together."""

    def to(self, device):
        return type(self)(*(getattr(self, f.name).to(device) for f in fields(self)))


@dataclass
class WantedArcs(Tensors):
    kind: torch.Tensor
    window: torch.Tensor
    before: torch.Tensor
    place: torch.Tensor
    possible: torch.Tensor  # arcs x places of the window before and its own
    right: torch.Tensor
    weight: torch.Tensor


# How much an arc counts: those between mentions are many.
ARC_WEIGHTS = {"refers": 1.0, "cue": 0.6, "source": 0.6}
# Arcs of a set of other texts than news count less.
SET_WEIGHTS = {"litbank": 0.3, "gum": 0.5, "gap": 2.0, "polnear": 1.0}


def wanted_arcs(windows, documents):
    """The arcs of some windows, of which those of one document that follow each other stand side by side; or None."""
    longest = max(len(w.pieces) for w in windows)
    rows = []
    for i, window in enumerate(windows):
        document = documents[window.document]
        continues = i > 0 and windows[i - 1].document == window.document and windows[i - 1].last == window.first
        at = {int(s): p for p, s in enumerate(window.starts) if s >= 0}
        earlier = {int(s): p for p, s in enumerate(windows[i - 1].starts) if s >= 0} if continues else {}
        most = SET_WEIGHTS.get(document.id.split("_")[0].split(".")[0], 1.0)
        for kind, start, targets in document.arcs:
            if start not in at:
                continue
            found = [longest + at[t] for t in targets if t in at] + [earlier[t] for t in targets if t in earlier]
            if kind == "refers" and not found:
                continue  # far away, or nowhere: nobody knows
            rows.append((ARCS.index(kind), i, i - 1 if continues else i, at[start], found or [longest], ARC_WEIGHTS[kind] * (most if kind == "refers" else 1.0)))
    if not rows:
        return None
    words = np.zeros((len(windows), longest), bool)
    for i, window in enumerate(windows):
        words[i, : len(window.starts)] = window.starts >= 0
    possible, right = np.zeros((len(rows), 2 * longest), bool), np.zeros((len(rows), 2 * longest), bool)
    for n, (_, own, before, place, found, _) in enumerate(rows):
        possible[n, longest:] = words[own]
        possible[n, longest] = True  # [CLS]
        possible[n, longest + place] = False
        if before != own:
            possible[n, :longest] = words[before]
        right[n, found] = True
    kind, own, before, place, _, weight = (torch.tensor(np.array(column)) if k != 4 else None for k, column in enumerate(zip(*[(*r[:4], 0, r[5]) for r in rows])))
    return WantedArcs(kind, own, before, place, torch.tensor(possible), torch.tensor(right), weight.float())


@dataclass
class WantedRows(Tensors):
    pieces: torch.Tensor  # places in all windows, one after another, of the words of all paragraphs
    owner: torch.Tensor  # whose paragraph's each is
    first: torch.Tensor
    shapes: torch.Tensor
    states: torch.Tensor  # IGNORED where it is not known


def row_shape(first, last, count, place, of):
    """The form of a paragraph by its pieces, as the program computes it too."""
    return [last == COLON, first in QUOTES, last in QUOTES, np.log1p(count) / 6, place == 0, place == of - 1, last in STOPS or last in QUOTES]


def wanted_rows(windows, documents):
    """For each document of some windows its paragraphs, in order."""
    longest = max(len(w.pieces) for w in windows)
    found = []
    for number in dict.fromkeys(w.document for w in windows):
        document = documents[number]
        if document.paragraphs is None:
            continue
        begins = np.array([start for start, _ in document.paragraphs])
        members = {}
        for i, window in enumerate(windows):
            if window.document == number:
                owner = np.searchsorted(begins, window.all_starts, side="right") - 1
                for p in np.flatnonzero((window.all_starts >= 0) & (owner >= 0)):
                    members.setdefault(int(owner[p]), []).append((i * longest + p, int(window.pieces[p])))
        order = sorted(members)
        shapes = [row_shape(members[k][0][1], members[k][-1][1], len(members[k]), n, len(order)) for n, k in enumerate(order)]
        states = [document.paragraphs[k][1] for k in order]
        found.append(
            WantedRows(
                torch.tensor([place for k in order for place, _ in members[k]]),
                torch.tensor([n for n, k in enumerate(order) for _ in members[k]]),
                torch.tensor([members[k][0][0] for k in order]),
                torch.tensor(np.array(shapes, np.float32)),
                torch.tensor([IGNORED if s is None else s for s in states]),
            )
        )
    return found

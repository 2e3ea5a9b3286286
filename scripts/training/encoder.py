"""The teacher's encoder: MiniLM-L6 with a word-shape embedding added, and one linear layer for all heads."""
import json
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from heads import Arcs, Rows

SHAPES = 8
HEAD_WIDTH = 32


def shape_of(word):
    """The case and kind of a word, which the uncased vocabulary drops: 1..8, 0 is padding."""
    if word.isupper():
        return 3 if len(word) > 1 else 4
    if word.islower():
        return 1
    if word[:1].isupper():
        return 2 if word[1:].islower() else 5
    if word.isdigit():
        return 6
    return 7 if any(c.isalnum() for c in word) else 8


class Layer(nn.Module):
    def __init__(self, width, inner, heads, dropout):
        super().__init__()
        self.heads, self.scale = heads, (width // heads) ** -0.5
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)
        self.drop = nn.Dropout(dropout)

    def forward(self, x, mask):
        b, n, w = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
        if x.is_cuda:
            a = F.scaled_dot_product_attention(q, k, v, attn_mask=None if mask is None else mask.to(q.dtype))
        else:
            # Written out: on a CPU in bf16 this is faster, backwards above all, than the fused kernel.
            scores = (q * self.scale) @ k.transpose(-1, -2)
            a = torch.softmax(scores if mask is None else scores + mask.to(q.dtype), dim=-1) @ v
        x = self.norm1(x + self.out(a.transpose(1, 2).reshape(b, n, w)))
        return self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    def __init__(self, config, outputs):
        super().__init__()
        width, dropout = config["hidden_size"], config["hidden_dropout_prob"]
        self.words = nn.Embedding(config["vocab_size"], width)
        self.places = nn.Embedding(config["max_position_embeddings"], width)
        self.shapes = nn.Embedding(SHAPES + 1, width)
        nn.init.zeros_(self.shapes.weight)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.drop = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(width, config["intermediate_size"], config["num_attention_heads"], dropout) for _ in range(config["num_hidden_layers"]))
        self.head = nn.Linear(width, outputs)
        self.arcs = Arcs(width)
        self.rows = Rows(width)

    def forward(self, pieces, shapes):
        return self.head(self.drop(self.hidden(pieces, shapes)))

    def hidden(self, pieces, shapes):
        padding = pieces == 0
        mask = padding[:, None, None, :] * -1e4 if padding.any() else None
        places = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.drop(self.norm(self.words(pieces) + self.places(places) + self.shapes(shapes)))
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def load(self, path):
        """Takes over trained weights: a state that `teacher.py` saved, or a released `weights.safetensors`."""
        self.load_mean([path])

    def load_mean(self, paths):
        """The mean of several trained weights (of cycles of one run: Wortsman et al. 2022); one given twice counts twice. A
        part that came later is the mean of those that have it, and begins as it is where none has."""
        own = self.state_dict()
        cycles = [released(path, own) if str(path).endswith(".safetensors") else torch.load(path, map_location="cpu") for path in paths]
        known = lambda name: [cycle[name] for cycle in cycles if name in cycle] or [own[name]]
        self.load_state_dict({name: sum(known(name)) / len(known(name)) for name in own})

    @classmethod
    def pretrained(cls, folder, outputs):
        """Starts from the weights of a BERT checkpoint folder."""
        from safetensors.torch import load_file

        config = json.loads((Path(folder) / "config.json").read_text())
        stored = load_file(Path(folder) / "model.safetensors")
        model = cls(config, outputs)
        take = lambda name: stored[name]
        state = model.state_dict()
        state["words.weight"] = take("embeddings.word_embeddings.weight")
        state["places.weight"] = take("embeddings.position_embeddings.weight")
        state["norm.weight"], state["norm.bias"] = take("embeddings.LayerNorm.weight"), take("embeddings.LayerNorm.bias")
        # Segment 0 is the only one met here: its embedding is folded into the words.
        state["words.weight"] = state["words.weight"] + take("embeddings.token_type_embeddings.weight")[0]
        for i in range(config["num_hidden_layers"]):
            old, new = f"encoder.layer.{i}.", f"layers.{i}."
            for kind in ("weight", "bias"):
                state[f"{new}qkv.{kind}"] = torch.cat([take(f"{old}attention.self.{part}.{kind}") for part in ("query", "key", "value")])
                for ours, theirs in (("out", "attention.output.dense"), ("norm1", "attention.output.LayerNorm"), ("up", "intermediate.dense"), ("down", "output.dense"), ("norm2", "output.LayerNorm")):
                    state[f"{new}{ours}.{kind}"] = take(f"{old}{theirs}.{kind}")
        model.load_state_dict(state)
        return model


class Guess(nn.Module):
    """The head of the masked-word task; its matrix is that of the word embeddings, so it only turns and shifts."""

    def __init__(self, width, vocabulary):
        super().__init__()
        self.turn = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.bias = nn.Parameter(torch.zeros(vocabulary))
        nn.init.eye_(self.turn.weight)
        nn.init.zeros_(self.turn.bias)

    def forward(self, hidden, words):
        return F.linear(self.norm(F.gelu(self.turn(hidden))), words.weight, self.bias)


# Under which names the parts of recurrent units are stored.
RECURRENT = {"weight_ih_l0": "input.weight", "bias_ih_l0": "input.bias", "weight_hh_l0": "hidden.weight", "bias_hh_l0": "hidden.bias"}


def stored_name(name):
    """The name under which a parameter is stored, without its last part, and that."""
    path, kind = name.removeprefix("layers.").rsplit(".", 1)
    return f"{path}.{RECURRENT.get(kind, kind)}".rsplit(".", 1)


def released(path, state):
    """The state that `export.py` wrote, undone: integers times their scales, and the attention's scale out of the query."""
    from safetensors.torch import load_file

    stored = load_file(path)
    taken = {}
    for name, like in state.items():
        base, kind = stored_name(name)
        if f"{base}.q" in stored and kind == "weight":
            taken[name] = stored[f"{base}.q"].float() * stored[f"{base}.scale"][:, None]
        elif f"{base}.{kind}" in stored:
            # Version 3 had tags for block quotations after those of words.
            taken[name] = stored[f"{base}.{kind}"][: len(like)].float()
        else:
            continue
        if base.endswith(".qkv"):
            taken[name][: len(taken[name]) // 3] *= HEAD_WIDTH**0.5
    return taken

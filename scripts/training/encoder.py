"""The teacher's encoder: MiniLM-L6 with a word-shape embedding added, and one linear layer for all heads."""
import json
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

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
        # Written out: on a CPU in bf16 this is faster, backwards above all, than the fused kernel.
        a = torch.softmax(q @ k.transpose(-1, -2) * self.scale + mask.to(q.dtype), dim=-1) @ v
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

    def forward(self, pieces, shapes):
        return self.head(self.drop(self.hidden(pieces, shapes)))

    def hidden(self, pieces, shapes):
        mask = (pieces == 0)[:, None, None, :] * -1e4
        places = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.drop(self.norm(self.words(pieces) + self.places(places) + self.shapes(shapes)))
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def load(self, path):
        """Takes over trained weights: a state that `teacher.py` saved, or a released `weights.onnx`."""
        self.load_state_dict(released(path, self.state_dict()) if str(path).endswith(".onnx") else torch.load(path, map_location="cpu"))

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


def released(path, state):
    """The state that `export.py` wrote, undone: integers times their scales, and the attention's scale out of the query."""
    import onnx
    from onnx import numpy_helper

    stored = {c.name: torch.tensor(numpy_helper.to_array(c)) for c in onnx.load(path).graph.initializer}
    taken = {}
    for name, like in state.items():
        base, kind = name.rsplit(".", 1)
        if base == "words":
            taken[name] = stored["words.q"].float() * stored["words.scale"]
        elif base in ("places", "shapes"):
            taken[name] = stored[base]
        elif base == "head":
            # Heads that came later begin as they are.
            old = stored[name].T if kind == "weight" else stored[name]
            taken[name] = torch.cat([old, like[len(old) :]])
        else:
            short = base.removeprefix("layers.")
            if f"{short}.q" in stored and kind == "weight":
                taken[name] = (stored[f"{short}.q"].float() * stored[f"{short}.scale"]).T.contiguous()
            else:
                taken[name] = stored[f"{short}.{kind}"].clone()
            if short.endswith("qkv"):
                width = like.shape[0] // 3
                taken[name][:width] *= HEAD_WIDTH**0.5
    return taken

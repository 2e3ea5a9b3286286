#!/usr/bin/env python3
"""export.py MINILM OUT WEIGHTS…: the encoder as an ONNX graph of 8-bit integers, for one window at a time.

Several weights (of cycles of one run) are averaged; one that is given twice counts twice.

Weights are quantised per output channel, activations per run; embeddings per row. The scale of attention is folded into
the query's weights. Inputs: `pieces`, `shapes`, `places`, each [n] of int32; output: `scores`, [n, tags].
"""
import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

import corpora
from encoder import Encoder


class Graph:
    """Nodes and constants, with names made up as they come."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, name, values):
        self.constants.append(numpy_helper.from_array(np.array(values, order="C"), name))
        return name

    def node(self, op, inputs, outputs=1, **attributes):
        names = [f"{op}_{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(op, inputs, names, **attributes))
        return names[0] if outputs == 1 else names

    def embedding(self, name, table, index):
        """Rows of a table of 8-bit integers with a scale each."""
        scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-8) / 127
        stored = self.constant(f"{name}.q", np.rint(table / scale).astype(np.int8))
        rows = self.node("Cast", [self.node("Gather", [stored, index])], to=TensorProto.FLOAT)
        return self.node("Mul", [rows, self.node("Gather", [self.constant(f"{name}.scale", scale.astype(np.float32)), index])])

    def linear(self, name, x, weight, bias):
        """`weight`: outputs x inputs, as PyTorch has it."""
        scale = np.maximum(np.abs(weight).max(axis=1), 1e-8) / 127
        stored = self.constant(f"{name}.q", np.rint(weight / scale[:, None]).astype(np.int8).T)
        quantised, x_scale, x_zero = self.node("DynamicQuantizeLinear", [x], 3)
        product = self.node("Cast", [self.node("MatMulInteger", [quantised, stored, x_zero, self.constant(f"{name}.zero", np.array(0, dtype=np.int8))])], to=TensorProto.FLOAT)
        both = self.node("Mul", [x_scale, self.constant(f"{name}.scale", scale.astype(np.float32))])
        return self.node("Add", [self.node("Mul", [product, both]), self.constant(f"{name}.bias", bias)])

    def norm(self, name, x, norm):
        weight, bias = self.constant(f"{name}.weight", norm.weight), self.constant(f"{name}.bias", norm.bias)
        return self.node("LayerNormalization", [x, weight, bias], axis=-1, epsilon=1e-12)


def export(model, path):
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    array = lambda tensor: tensor.numpy().astype(np.float32)
    for layer in model.layers:
        width = layer.qkv.weight.shape[1]
        layer.qkv.weight[:width] *= layer.scale
        layer.qkv.bias[:width] *= layer.scale
    graph = Graph()
    x = graph.embedding("words", array(model.words.weight), "pieces")
    x = graph.node("Add", [x, graph.node("Gather", [graph.constant("places", array(model.places.weight)), "places_in"])])
    x = graph.node("Add", [x, graph.node("Gather", [graph.constant("shapes", array(model.shapes.weight)), "shapes_in"])])
    x = graph.norm("norm", x, model.norm)
    heads, each = model.layers[0].heads, model.words.weight.shape[1] // model.layers[0].heads
    apart = graph.constant("apart", np.array([-1, 3, heads, each], dtype=np.int64))
    together = graph.constant("together", np.array([-1, heads * each], dtype=np.int64))
    pick = [graph.constant(f"pick.{i}", np.array(i, dtype=np.int64)) for i in range(3)]
    for i, layer in enumerate(model.layers):
        qkv = graph.linear(f"{i}.qkv", x, array(layer.qkv.weight), array(layer.qkv.bias))
        qkv = graph.node("Transpose", [graph.node("Reshape", [qkv, apart])], perm=[1, 2, 0, 3])
        q, k, v = (graph.node("Gather", [qkv, index], axis=0) for index in pick)
        weights = graph.node("Softmax", [graph.node("MatMul", [q, graph.node("Transpose", [k], perm=[0, 2, 1])])], axis=-1)
        seen = graph.node("Transpose", [graph.node("MatMul", [weights, v])], perm=[1, 0, 2])
        seen = graph.node("Reshape", [seen, together])
        x = graph.node("Add", [x, graph.linear(f"{i}.out", seen, array(layer.out.weight), array(layer.out.bias))])
        x = graph.norm(f"{i}.norm1", x, layer.norm1)
        inner = graph.node("Gelu", [graph.linear(f"{i}.up", x, array(layer.up.weight), array(layer.up.bias))])
        x = graph.node("Add", [x, graph.linear(f"{i}.down", inner, array(layer.down.weight), array(layer.down.bias))])
        x = graph.norm(f"{i}.norm2", x, layer.norm2)
    head = graph.node("MatMul", [x, graph.constant("head.weight", array(model.head.weight).T)])
    scores = graph.node("Add", [head, graph.constant("head.bias", array(model.head.bias))])
    graph.nodes.append(helper.make_node("Identity", [scores], ["scores"]))
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT32, ["n"]) for name in ("pieces", "shapes_in", "places_in")]
    outputs = [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", model.head.weight.shape[0]])]
    made = helper.make_graph(graph.nodes, "encoder", inputs, outputs, graph.constants)
    stored = helper.make_model(made, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.checker.check_model(stored)
    onnx.save(stored, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minilm")
    parser.add_argument("out", type=Path)
    parser.add_argument("weights", nargs="+")
    options = parser.parse_args()
    model = Encoder.pretrained(options.minilm, len(corpora.tag_names()))
    cycles = []
    for path in options.weights:
        model.load(path)
        cycles.append({name: value.clone() for name, value in model.state_dict().items()})
    model.load_state_dict({name: sum(cycle[name] for cycle in cycles) / len(cycles) for name in cycles[0]})
    export(model.eval(), options.out)


if __name__ == "__main__":
    main()

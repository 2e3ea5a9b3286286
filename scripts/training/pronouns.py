#!/usr/bin/env python3
"""pronouns.py SHARED PROGRAM OUT [--seed N] [--rounds N] [--score] [--untrained]: trains the ranker of pronouns.

PROGRAM writes what the ranker sees (`cargo build --release --example training`), with the names, quotations and
arcs that the models find: the ranker serves them all. Learned from GAP (development), GUM and LitBank (train), and the pronouns of
polnear_train_speakers, but for the pronouns that a rule answers; the loss is the negative log probability of those who are
meant, or of "somebody else". Since what
one pronoun means counts for the next, PROGRAM has to be built again with the new weights and the training repeated; twice
is enough. `--score` measures GAP validation and the dev sets; `--untrained` writes weights set by hand, to begin with.
"""
import argparse
import gzip
import json
import random
import subprocess
from pathlib import Path

import numpy as np
import torch
from torch import nn

HIDDEN = 24
EPOCHS = 60
# The ranker is the mean of so many networks: one alone is now better for one set and now for another.
NETWORKS = 7
# How much a pronoun of a set counts: news and encyclopaedias more than novels.
WEIGHT = {"gap": 1.0, "gum": 1.0, "litbank": 0.15, "polnear": 3.0}


def lines(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if str(path).endswith(".gz") else open(path, encoding="utf-8")
    with opened as file:
        return [json.loads(line) for line in file]


def candidates_of(program, texts, model):
    given = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    out = subprocess.run([program, "pronouns", model], input=given.encode(), stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line)["pronouns"] for line in out.decode().splitlines()]


def overlaps(place, span):
    return place[0] < span["end"] and span["start"] < place[1]


def same_name(a, b):
    clean = lambda n: " ".join(n.lower().replace("’", "'").removesuffix("'s").split()).removeprefix("the ")
    return clean(a) == clean(b)


def of_clusters(documents, found, weight):
    """A pronoun's cluster says who is meant: the candidates that are named in it. In GAP only two names are known, so that
    where neither is meant the two are wrong and the rest is unknown."""
    rows = []
    for document, pronouns in zip(documents, found):
        cluster_of = {(s["start"], s["end"]): cluster for cluster in document["clusters"] for s in cluster}
        for pronoun in pronouns:
            place = tuple(pronoun["place"])
            if not pronoun["candidates"] or pronoun["ahead"]:
                continue
            features = np.array([c["features"] for c in pronoun["candidates"]], np.float32)
            named = lambda spans: [any(overlaps(p, s) for p in c["places"] for s in spans) for c in pronoun["candidates"]]
            cluster = cluster_of.get(place)
            if cluster:
                others = [s for s in cluster if (s["start"], s["end"]) != place]
                rows.append((features, np.array([*named(others), False]), weight))
                if not rows[-1][1].any():
                    rows[-1][1][-1] = True
                # One name was asked for: somebody else is meant only if none of its places is known.
                if "not_coref" in document:
                    rows[-1][1][-1] = False
                    if not rows[-1][1].any():
                        rows.pop()
            elif any(overlaps(place, s) for s in document.get("pronoun", [])):
                wrong = named(document.get("not_coref", []))
                rows.append((features, ~np.array([*wrong, False]), weight))
    return rows


def of_speakers(shared, split, program, model):
    """Sources that are pronouns, and who they are."""
    said = {d["id"]: d["speakers"] for d in lines(shared / f"data/quotes/polnear_{split}_speakers.jsonl")}
    documents = [d for d in lines(shared / f"data/quotes/polnear.{split}.jsonl.gz") if d["id"] in said]
    rows = []
    for document, pronouns in zip(documents, candidates_of(program, [d["text"] for d in documents], model)):
        who = {}
        for s in said[document["id"]]:
            if s.get("mention") == "pronoun":
                for span in document["quotes"][s["i"]].get("source") or []:
                    who[span["start"]] = s
        for pronoun in pronouns:
            answer = who.get(pronoun["place"][0])
            if answer and pronoun["candidates"] and not pronoun["ahead"]:
                names = [n for n in [answer.get("speaker"), *answer.get("also", [])] if n]
                right = [any(same_name(n, c) or same_name(n.split()[-1], c) for n in names for c in candidate["names"]) for candidate in pronoun["candidates"]]
                rows.append((np.array([c["features"] for c in pronoun["candidates"]], np.float32), np.array([*right, not any(right)]), WEIGHT["polnear"]))
    return rows


class Ranker(nn.Module):
    def __init__(self, features, hidden=HIDDEN):
        super().__init__()
        self.hidden = nn.Linear(features, hidden)
        self.output = nn.Linear(hidden, 1)
        self.drop = nn.Dropout(0.1)

    def forward(self, x, mask):
        """`x`: pronouns x candidates x features; the last column of the answer is "somebody else"."""
        scores = self.output(self.drop(torch.relu(self.hidden(x))))[..., 0].masked_fill(~mask, -1e4)
        return torch.log_softmax(torch.cat([scores, torch.zeros(len(x), 1)], dim=1), dim=1)

    def save(self, path):
        from safetensors.numpy import save_file

        array = lambda t: np.ascontiguousarray(t.detach().numpy())
        save_file({"hidden.weight": array(self.hidden.weight), "hidden.bias": array(self.hidden.bias), "output.weight": array(self.output.weight[0]), "output.bias": array(self.output.bias)}, path)


def collate(rows):
    longest, features = max(len(f) for f, _, _ in rows), rows[0][0].shape[1]
    x, right, mask = np.zeros((len(rows), longest, features), np.float32), np.zeros((len(rows), longest + 1), bool), np.zeros((len(rows), longest), bool)
    for i, (f, r, _) in enumerate(rows):
        x[i, : len(f)], mask[i, : len(f)] = f, True
        right[i, : len(f)], right[i, -1] = r[:-1], r[-1]
    return torch.tensor(x), torch.tensor(mask), torch.tensor(right), torch.tensor([w for _, _, w in rows])


def train(rows, seed):
    torch.manual_seed(seed)
    generator, rows = random.Random(seed), list(rows)
    model = Ranker(rows[0][0].shape[1])
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=1e-3)
    steps = EPOCHS * (1 + len(rows) // 128)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(EPOCHS):
        generator.shuffle(rows)
        for at in range(0, len(rows), 128):
            x, mask, right, weight = collate(rows[at : at + 128])
            loss = -(torch.logsumexp(model(x, mask).masked_fill(~right, -1e4), dim=1) * weight).sum() / weight.sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return model.eval()


def mean(networks):
    """One network that scores as several do on average: their hidden units side by side."""
    side_by_side = lambda parts: torch.cat(list(parts))
    with torch.no_grad():
        model = Ranker(networks[0].hidden.in_features, sum(n.hidden.out_features for n in networks))
        model.hidden.weight.copy_(side_by_side(n.hidden.weight for n in networks))
        model.hidden.bias.copy_(side_by_side(n.hidden.bias for n in networks))
        model.output.weight[0] = side_by_side(n.output.weight[0] for n in networks) / len(networks)
        model.output.bias.copy_(sum(n.output.bias for n in networks) / len(networks))
    return model.eval()


def by_hand(features):
    """Nearness, gender and prominence, as weights of one unit: a ranker to begin with."""
    model = Ranker(features)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        for i, weight in {0: 0.5, 1: 0.5, 2: -1.0, 3: 1.0, 5: -0.5, 6: 0.5, 7: 0.7, 9: -0.7, 11: 0.5, 12: 0.7, 13: 0.7, 14: -1.0, 17: -2.0, 34: 2.0, 35: 2.0, 36: 2.0, 37: 1.0}.items():
            model.hidden.weight[0, i] = weight
        model.hidden.bias[0], model.output.weight[0, 0], model.output.bias[0] = 10.0, 1.0, -9.5
    return model


def report(name, rows, model):
    with torch.no_grad():
        x, mask, right, _ = collate(rows)
        chances = model(x, mask).exp()
    chosen = chances.argmax(1)
    answered = chosen < chances.shape[1] - 1
    hit = right[torch.arange(len(rows)), chosen] & answered
    wanted = ~right[:, -1]
    print(json.dumps({"set": name, "pronouns": len(rows), "precision": round(100 * float(hit.sum() / answered.sum()), 1), "recall": round(100 * float((hit & wanted).sum() / wanted.sum()), 1)}))


def gap_f1(documents, found):
    """GAP's own measure (Webster et al. 2018): F1 over the two names of each snippet, as the program answers now."""
    hit = predicted = gold = 0
    for document, pronouns in zip(documents, found):
        at, names = asked(document)
        pronoun = next((p for p in pronouns if overlaps(p["place"], at)), None)
        best = max(pronoun["candidates"], key=lambda c: c["probability"], default={"places": []}) if pronoun else {"places": []}
        meant = pronoun and pronoun["ahead"] or best["places"]
        for span, coreferent in names:
            says = any(overlaps(p, span) for p in meant)
            hit, predicted, gold = hit + (says and coreferent), predicted + says, gold + coreferent
    return {"precision": round(100 * hit / max(1, predicted), 1), "recall": round(100 * hit / max(1, gold), 1), "f1": round(200 * hit / max(1, predicted + gold), 1)}


PRONOUNS = ("he", "him", "his", "she", "her", "hers")


def asked(document):
    """The pronoun of a GAP snippet, and the two names with whether they are meant."""
    spans = [(s, True) for cluster in document["clusters"] for s in cluster] + [(s, False) for s in document["not_coref"]]
    is_pronoun = lambda s: document["text"][s["start"] : s["end"]].lower() in PRONOUNS
    pronouns = [s for s, _ in spans if is_pronoun(s)] or document.get("pronoun", [])
    return (pronouns or [{"start": -1, "end": -1}])[0], [(s, c) for s, c in spans if not is_pronoun(s)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("program")
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--models", nargs="+", default=["fast", "accurate"], help="embedded models or folders of others")
    parser.add_argument("--untrained", type=int, help="write weights set by hand for this number of features")
    parser.add_argument("--score", action="store_true")
    options = parser.parse_args()
    if options.untrained:
        by_hand(options.untrained).save(options.out)
        return
    shared, coref = options.shared, options.shared / "data/coref"
    validation, dev = lines(coref / "gap.validation.jsonl.gz"), lines(coref / "gum_ccby.dev.jsonl.gz")
    rows, held_out = [], []
    for name in options.models:
        find = lambda documents: candidates_of(options.program, [d["text"] for d in documents], name)
        validated = find(validation)
        print(json.dumps({"set": f"gap.validation, as the program answers with {name}", **gap_f1(validation, validated)}), flush=True)
        if options.score:
            continue
        rows += of_speakers(shared, "train", options.program, name)
        for kind, file in (("gap", "gap.development"), ("gum", "gum_ccby.train"), ("litbank", "litbank.train")):
            documents = lines(coref / f"{file}.jsonl.gz")
            if kind == "gap":
                for document in documents:
                    document["pronoun"] = [asked(document)[0]]
            rows += of_clusters(documents, find(documents), WEIGHT[kind])
        print(json.dumps({"with": name, "pronouns": len(rows)}), flush=True)
        held_out += [(f"gap.validation, {name}", of_clusters(validation, validated, 1.0)), (f"polnear dev speakers, {name}", of_speakers(shared, "dev", options.program, name)), (f"gum_ccby.dev, {name}", of_clusters(dev, find(dev), 1.0))]
    if options.score:
        return
    model = mean([train(rows, NETWORKS * options.seed + n) for n in range(NETWORKS)])
    for name, part in [("train", rows), *held_out]:
        report(name, part, model)
    model.save(options.out)


if __name__ == "__main__":
    main()

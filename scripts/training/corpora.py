"""The labelled and unlabelled sets, as documents of plain text with labelled spans.

Every set becomes the same thing, a `Document`, whatever its file format: running text in the shape in which the tool
meets it (detokenised, several sentences in a row), spans in code points, and for each head whether its labels are known
at all. A head that a set says nothing about is left out of its loss; a label that a set does not use (MISC in UNER) is
"unknown", not "outside".
"""
import gzip
import json
import random
import sys
from dataclasses import dataclass, field
from pathlib import Path

ENTITY_LABELS = ["PER", "ORG", "LOC", "MISC"]
# Every head tags words but the last, which tags paragraphs, at their first word.
HEADS = {"entity": ENTITY_LABELS, "content": ["CONTENT"], "cue": ["CUE"], "source": ["SOURCE"], "block": ["BLOCK"]}

NER_TRAIN = ["conll2003.train", "worldwide.train", "uner_ewt.train", "gum_by_news.train", "gum_by_other.train"]
# Small sets of other kinds of text, so that the encoder does not take one newspaper's habits for the language.
NER_TRAIN += ["gum_sa.train", "conll04.train", "conll04.dev", "crossner_politics.dev", "wnut17.train"]
QUOTE_TRAIN = ["polnear.train", "gum_ccby.train"]
BLOCK_TRAIN = ["open.train"]
# Of the Reuters newswire of 1987 a third is enough: it is most of the text, and least like the news of today.
EVERY = {"reuters21578": 3}
TEXTS = ["abc2006", "bbc2004", "brown_press", "gmb", "reuters21578", "wikinews_2019_2020"]
MORE_TEXTS = ["gum.train", "ewt.train"]
WITHOUT_MISC = ("uner_ewt", "gum_")


@dataclass
class Document:
    id: str
    text: str
    spans: dict = field(default_factory=dict)  # head -> [(start, end, label)]; a missing head is unknown
    misc_known: bool = True
    paragraphs: list | None = None  # (start, tag of the block head or None) of each, where block quotations are known


def tag_names():
    """The outputs of the network in order: head by head, O first, then B- and I- of each label."""
    return [(head, tag) for head, labels in HEADS.items() for tag in ["O", *(f"{p}-{label}" for label in labels for p in "BI")]]


def head_slices():
    slices, start = {}, 0
    for head, labels in HEADS.items():
        slices[head] = slice(start, start + 1 + 2 * len(labels))
        start += 1 + 2 * len(labels)
    return slices


def entity_documents(shared, name):
    """Documents of `data/ner/NAME.conll.gz`, detokenised by the same code that makes the evaluation's documents."""
    sys.path.insert(0, str(Path(shared) / "eval"))
    import conll_to_docs as conll

    documents = []
    for number, sentences in enumerate(conll.read_documents(Path(shared) / "data/ner" / f"{name}.conll.gz")):
        text, spans = "", []
        for sentence in sentences:
            if text:
                text += "\n"
            rendered, places = conll.render([token for token, _ in sentence], len(text))
            text += rendered
            spans += [(e["start"], e["end"], e["label"]) for e in conll.entities_of(sentence, places) if e["label"] in ENTITY_LABELS]
        documents.append(Document(f"{name}:{number}", text, {"entity": spans}, not name.startswith(WITHOUT_MISC)))
    return documents


def quote_documents(shared, name):
    """Documents of `data/quotes/NAME.jsonl.gz`. Overlapping contents (a quotation within another) keep the outer one."""
    documents = []
    with gzip.open(Path(shared) / "data/quotes" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            spans = {"content": set(), "cue": set(), "source": set()}
            for quote in record["quotes"]:
                for head in spans:
                    for part in quote.get(head) or []:
                        spans[head].add((part["start"], part["end"], head.upper()))
            flat = {head: without_overlaps(found) for head, found in spans.items()}
            documents.append(Document(f"{name}:{record['id']}", record["text"], flat))
    return documents


def without_overlaps(spans):
    kept, last = [], -1
    for start, end, label in sorted(spans, key=lambda s: (s[0], -s[1])):
        if start >= last and end > start:
            kept.append((start, end, label))
            last = end
    return kept


def block_documents(shared, name):
    """Posts of `data/blocks/NAME.jsonl.gz` as plain text. Paragraphs that are not the author's prose nor a quotation in it
    (code, pull quotes) have no tag."""
    documents = []
    with gzip.open(Path(shared) / "data/blocks" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            post = json.loads(line)
            text, paragraphs, before = "", [], None
            for p in post["paragraphs"]:
                if not p["text"].strip():
                    continue
                text += "\n\n" if text else ""
                other = p.get("btype") in ("pull", "tweet", "epigraph") or (p["kind"] not in ("para", "quote") and not p["quoted"])
                block = p.get("block") if p["quoted"] else None
                tag = None if other else 0 if not p["quoted"] else 2 if before is not None and before == block else 1
                start = len(text) + len(p["text"]) - len(p["text"].lstrip())
                paragraphs.append((start, tag))
                text += p["text"]
                before = block if p["quoted"] else None
            documents.append(Document(f"{name}:{post['id']}", text, {}, True, paragraphs))
    return documents


def text_documents(shared, name):
    """Articles of `data/text/NAME.txt.gz`, paragraphs separated by an empty line."""
    documents, paragraphs = [], []
    with gzip.open(Path(shared) / "data/text" / f"{name}.txt.gz", "rt", encoding="utf-8") as lines:
        for line in [*lines, "\n"]:
            if line.strip():
                paragraphs.append(line.strip())
            elif paragraphs:
                documents.append(Document(f"{name}:{len(documents)}", "\n\n".join(paragraphs)))
                paragraphs = []
    return documents[:: EVERY.get(name, 1)]


def more_text_documents(shared):
    """Text that is no news, for the small network, which has seen nothing before: the posts of BLOCK_TRAIN, and what the
    splitter of sentences was made with."""
    documents = [Document(d.id, d.text) for name in BLOCK_TRAIN for d in block_documents(shared, name)]
    for name in MORE_TEXTS:
        with gzip.open(Path(shared) / "data/sentences" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            documents += [Document(f"{name}:{record['id']}", record["text"]) for record in map(json.loads, lines)]
    return documents


STRAIGHT = str.maketrans("“”‘’", "\"\"''")


def with_straight_marks(document, generator: random.Random, share):
    """The document, or with probability `share` its twin with typewriter marks: news comes in both. Same offsets."""
    if generator.random() >= share:
        return document
    return Document(document.id, document.text.translate(STRAIGHT), document.spans, document.misc_known)

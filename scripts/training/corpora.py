"""The labelled and unlabelled sets, as documents of plain text with labelled spans.

Every set becomes the same thing, a `Document`, whatever its file format: running text in the shape in which the tool
meets it (detokenised, several sentences in a row), spans in code points, and for each head whether its labels are known
at all. A head that a set says nothing about is left out of its loss; a label that a set does not use (MISC in UNER) is
"unknown", not "outside".
"""
import gzip
import json
import os
import random
import re
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

IGNORED = -100  # in place of a label: it is not known
ENTITY_LABELS = ["PER", "ORG", "LOC", "MISC"]
# The heads that tag words.
HEADS = {"entity": ENTITY_LABELS, "content": ["CONTENT"], "cue": ["CUE"], "source": ["SOURCE"]}
# What leads from one word to another: from a pronoun or noun to the others that mean the same, from a content to its
# cue, from a cue to its source.
ARCS = ["refers", "cue", "source"]
# How many things the lists of names can say of a word (`LISTED` in `src/tag/gazetteer.rs`), a bit each.
LISTED = 60

NER_TRAIN = ["conll2003.train", "worldwide.train", "uner_ewt.train", "gum_by_news.train", "gum_by_other.train"]
# Small sets of other kinds of text, so that the encoder does not take one newspaper's habits for the language.
NER_TRAIN += ["gum_sa.train", "conll04.train", "conll04.dev", "crossner_politics.dev", "wnut17.train"]
QUOTE_TRAIN = ["polnear.train", "gum_ccby.train"]
COREF_TRAIN = ["gum_ccby.train", "litbank.train", "gap.development"]
BLOCK_TRAIN = ["open.train"]
# Of the Reuters newswire of 1987 a third is enough for the encoder: it is most of the text, and least like the news of today.
EVERY = {"reuters21578": 3}
TEXTS = ["abc2006", "bbc2004", "brown_press", "gmb", "reuters21578", "wikinews_2019_2020"]
MORE_TEXTS = ["gum.train", "ewt.train"]
MORE_ENTITY_TEXTS = ["crossner_politics.train"]
MORE_COREF_TEXTS = ["gap.development", "litbank.train"]
WITHOUT_MISC = ("uner_ewt", "gum_")


@dataclass
class Document:
    id: str
    text: str
    spans: dict = field(default_factory=dict)  # head -> [(start, end, label)]; a missing head is unknown
    misc_known: bool = True
    paragraphs: list | None = None  # (start, state or None) of each, where block quotations are known: see `post_documents`
    arcs: list = field(default_factory=list)  # (kind, start of a word, starts of the words that it leads to)


# Of how many documents of each set a run is made that only shows that all its steps fit together; 0: of all.
BRIEF = int(os.environ.get("BRIEF", 0))


def some(documents):
    """The documents of a set with which this run is made."""
    return documents[: BRIEF or None]


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
    return some(documents)


def records(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def quote_documents(shared, name):
    """Documents of `data/quotes/NAME.jsonl.gz`. Overlapping contents (a quotation within another) keep the outer one. Where
    it is known who a source refers to, arcs lead there; in news, whole paragraphs are the author's unless quoted."""
    folder, documents = Path(shared) / "data/quotes", []
    known = folder / f"{name.replace('.', '_')}_speakers.jsonl"
    said = {d["id"]: d["speakers"] for d in map(json.loads, known.read_text(encoding="utf-8").splitlines())} if known.exists() else {}
    for record in records(folder / f"{name}.jsonl.gz"):
        spans, arcs = {"content": set(), "cue": set(), "source": set()}, []
        for quote in record["quotes"]:
            for head in spans:
                for part in quote.get(head) or []:
                    spans[head].add((part["start"], part["end"], head.upper()))
            first = {head: [part["start"] for part in quote.get(head) or []] for head in spans}
            arcs += [("cue", start, first["cue"]) for start in first["content"]]
            arcs += [("source", start, first["source"]) for start in first["cue"][:1]]
        flat = {head: without_overlaps(found) for head, found in spans.items()}
        document = Document(f"{name}:{record['id']}", record["text"], flat, arcs=arcs)
        document.arcs += speaker_arcs(record, said.get(record["id"], []))
        if name.startswith("polnear"):
            document.paragraphs = authors_paragraphs(document)
        documents.append(document)
    return some(documents)


def speaker_arcs(record, speakers):
    """From sources that are pronouns or nouns to the places where the speaker is named."""
    arcs, text = [], record["text"]
    for known in speakers:
        sources = record["quotes"][known["i"]].get("source") or []
        if known.get("mention") not in ("pronoun", "nominal") or not known.get("speaker") or not sources:
            continue
        words = known["speaker"].split()
        names = {known["speaker"], *known.get("also", [])} | ({words[-1]} if known["kind"] == "person" else set())
        found = [m.span() for name in names if len(name) > 2 for m in re.finditer(rf"\b{re.escape(name)}\b", text)]
        inside = lambda at: any(part["start"] <= at < part["end"] for part in sources)
        targets = {at for start, end in found if not inside(start) for at in mention_words(text, start, end)}
        arcs.append(("refers", mention_words(text, sources[0]["start"], sources[0]["end"])[-1], sorted(targets)))
    return arcs


ENDS_OF_MENTION = {"of", "in", "for", "at", "on", "to", "from", "with", "by", "who", "whose", "whom", "that", "which", "and", "or"}


def mention_words(text, start, end, most=4):
    """Where the words of a mention begin, as far as its head: before a preposition, a clause or a comma."""
    starts = []
    for word in re.finditer(r"\w[\w.]*|[^\w\s]", text[start:end]):
        if starts and (word[0].lower() in ENDS_OF_MENTION or word[0] in ",;:(—–-"):
            break
        if word[0][0].isalnum():
            starts.append(start + word.start())
    return starts[-most:] or [start]


def coref_documents(shared, name):
    """Documents of `data/coref/NAME.jsonl.gz`: from every pronoun and noun arcs to what else means the same."""
    documents = []
    for record in records(Path(shared) / "data/coref" / f"{name}.jsonl.gz"):
        arcs, text = [], record["text"]
        for cluster in record["clusters"]:
            mentions = [mention_words(text, m["start"], m["end"]) for m in cluster]
            for i, words in enumerate(mentions):
                if text[words[-1]].islower() or (len(words) == 1 and text[cluster[i]["start"] : cluster[i]["end"]] in CAPITAL_PRONOUNS):
                    arcs.append(("refers", words[-1], sorted({w for k, other in enumerate(mentions) if k != i for w in other} - set(words))))
        documents.append(Document(f"{name}:{record['id']}", text, arcs=arcs))
    return some(documents)


CAPITAL_PRONOUNS = {"He", "She", "They", "It", "His", "Her", "Their", "Its"}


def authors_paragraphs(document):
    """The paragraphs of news, in which block quotations are rare: the author's, or unknown where they are quoted whole."""
    paragraphs, contents = [], document.spans["content"]
    for m in re.finditer(r"[^\n]+", document.text):
        if not m[0].strip():
            continue
        start = m.start() + len(m[0]) - len(m[0].lstrip())
        covered = sum(max(0, min(m.end(), end) - max(start, begin)) for begin, end, _ in contents)
        paragraphs.append((start, None if 3 * covered > 2 * (m.end() - start) else 0))
    return paragraphs


def without_overlaps(spans):
    kept, last = [], -1
    for start, end, label in sorted(spans, key=lambda s: (s[0], -s[1])):
        if start >= last and end > start:
            kept.append((start, end, label))
            last = end
    return kept


def block_documents(shared, name):
    """Posts of `data/blocks/NAME.jsonl.gz`, as `post_documents` has them."""
    return post_documents(Path(shared) / "data/blocks" / f"{name}.jsonl.gz")


def post_documents(path):
    """Posts with known block quotations as plain text, with the state of each paragraph: 0 the author's, 1 it opens a block
    quotation, 2 it goes on with one. Those that are not the author's prose nor a quotation in it (code, pull quotes) have
    none. Neighbouring blocks are one, as they look in plain text."""
    documents = []
    for post in records(path):
        text, paragraphs, before = "", [], False
        for p in post["paragraphs"]:
            if not p["text"].strip():
                continue
            text += "\n\n" if text else ""
            other = p.get("btype") in ("pull", "tweet", "epigraph") or (p["kind"] not in ("para", "quote") and not p["quoted"])
            state = None if other else 0 if not p["quoted"] else 2 if before else 1
            paragraphs.append((len(text) + len(p["text"]) - len(p["text"].lstrip()), state))
            text += p["text"]
            before = bool(p["quoted"])
        documents.append(Document(f"{Path(path).name.split('.jsonl')[0]}:{post['id']}", text, {}, True, paragraphs))
    return some(documents)


def quoting_and_silent(path):
    """Those of the posts in a file that quote in blocks, and those that do not."""
    quoting, silent = [], []
    for document in post_documents(path):
        (quoting if any(state == 1 for _, state in document.paragraphs) else silent).append(document)
    return quoting, silent


def own_block_documents(folder=Path(__file__).parent.parent.parent / "data/blocks"):
    """Articles written for this project, `data/blocks`: as `post_documents` has them."""
    documents = []
    for path in sorted(folder.glob("*.txt")):
        for article in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
            slug, _, body = article.partition("\n")
            text, paragraphs, before = "", [], False
            for paragraph in filter(None, (line.strip() for line in body.split("\n"))):
                quoted = paragraph.startswith("> ")
                text += "\n\n" if text else ""
                paragraphs.append((len(text), 0 if not quoted else 2 if before else 1))
                text, before = text + paragraph.removeprefix("> "), quoted
            documents.append(Document(f"{path.stem}:{slug.strip()}", text, {}, True, paragraphs))
    return some(documents)


def text_documents(shared, name, every=EVERY):
    """Articles of `data/text/NAME.txt.gz`, paragraphs separated by an empty line."""
    documents, paragraphs = [], []
    with gzip.open(Path(shared) / "data/text" / f"{name}.txt.gz", "rt", encoding="utf-8") as lines:
        for line in [*lines, "\n"]:
            if line.strip():
                paragraphs.append(line.strip())
            elif paragraphs:
                documents.append(Document(f"{name}:{len(documents)}", "\n\n".join(paragraphs)))
                paragraphs = []
    return some(documents[:: every.get(name, 1)])


def student_texts(shared, seed=1):
    """What the small network reads besides the labelled sets; it has seen nothing before, so all there is: the texts, the
    posts of BLOCK_TRAIN, what the splitter of sentences was made with, encyclopedia and novels, and the labelled sets of
    entities once more with other names."""
    documents = [d for name in TEXTS for d in text_documents(shared, name, {})]
    documents += [d for name in BLOCK_TRAIN for d in block_documents(shared, name)]
    for name in MORE_TEXTS:
        documents += some([Document(f"{name}:{r['id']}", r["text"]) for r in records(Path(shared) / "data/sentences" / f"{name}.jsonl.gz")])
    documents += [d for name in MORE_ENTITY_TEXTS for d in entity_documents(shared, name)]
    documents += [d for name in MORE_COREF_TEXTS for d in coref_documents(shared, name)]
    documents += with_other_names([d for name in NER_TRAIN for d in entity_documents(shared, name)], random.Random(seed))
    return [Document(d.id, d.text) for d in documents]


def with_other_names(documents, generator: random.Random):
    """The documents with every name replaced by one of the same label from anywhere in them, so that the network learns
    names apart from where it first met them."""
    names, made = {label: [] for label in ENTITY_LABELS}, []
    for d in documents:
        for start, end, label in d.spans["entity"]:
            names[label].append(d.text[start:end])
    for d in documents:
        parts, at = [], 0
        for start, end, label in sorted(d.spans["entity"]):
            if start >= at:
                parts += [d.text[at:start], generator.choice(names[label])]
                at = end
        made.append(Document(f"other names:{d.id}", "".join([*parts, d.text[at:]])))
    return made


STRAIGHT = str.maketrans("“”‘’", "\"\"''")


def with_straight_marks(document, generator: random.Random, share):
    """The document, or with probability `share` its twin with typewriter marks: news comes in both. Same offsets."""
    if generator.random() >= share:
        return document
    return replace(document, text=document.text.translate(STRAIGHT))

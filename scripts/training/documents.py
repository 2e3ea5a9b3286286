#!/usr/bin/env python3
"""documents.py SHARED MINILM MODEL OUT [--seed N]: teaches the layers of the second look to read whole articles, from
articles alone.

Three things are asked of every window: which words are hidden (Devlin et al. 2019), which paragraphs were set into it from
another article, by choice one of its nearest neighbours in words, with or without somebody who announces or signs them,
and, where quotation marks were taken away, which words stood in them. No block quotation that is marked up in a post is
asked for here. First six layers learn, beginning with those of MODEL; then twelve, twice each of the six. Made for a GPU:
a quarter of an hour on an H100. Checkpoints stand in OUT, and the result, `documents.pt`; run again to resume.
"""
import json
import random
import re
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from torch.nn import functional as F

import corpora
from compose import LEAD_INS, SIGNATURES, STOPS, TRAPS, WITHOUT_COLON, announcements, capital, said_by, sources_in, with_states
from corpora import BRIEF, IGNORED
from overview_model import DEPTH, WINDOW, Batch, Overview, Paragraph, abridged, asked_for, length_of
from windows import MASK, shapes_of

# Layers, steps and rate of each part of the run, and the pieces of a step.
PARTS = [(DEPTH // 2, 3300, 5e-4), (DEPTH, 3200, 4e-4), (DEPTH, 5500, 4e-4)]
BATCH_PIECES, WARM, EVEN = 65536, 300, 0.3
if BRIEF:
    PARTS, BATCH_PIECES = [(depth, 2, rate) for depth, _, rate in PARTS], 2048
# How often a window is of each set.
SHARES = {"open.train": 0.24, "own": 0.12, "polnear.train": 0.13, "bbc2004": 0.1, "abc2006": 0.1, "wikinews_2019_2020": 0.09, "gmb": 0.08}
SHARES |= {"reuters21578": 0.05, "brown_press": 0.03, "litbank.train": 0.02, "gum.train": 0.02, "gum_ccby.train": 0.01, "ewt.train": 0.01, "worldwide.train": 0.01}
STATE_WEIGHT, VOICE_WEIGHT = 1.0, 0.7
HIDDEN, BEHIND_MASK, AS_IT_IS = 0.15, 0.8, 0.1
# Marks of quotation are taken away from this share of windows, and paragraphs are abridged in as many.
WITHOUT_MARKS = ABRIDGED = 0.6
NEIGHBOURS, NEAR_COPY, FROM_NEIGHBOURS = 16, 0.75, 0.8
# How many paragraphs are set in, and how often: short stretches mostly, and some that no window sees the end of.
LENGTHS = range(1, 31)
LENGTH_WEIGHTS = np.array([36, 18, 11, 8, 5, 4, 3, 3] + [1] * 7 + [1 / 3] * 15)
# How often a window begins within words of others, and with how many paragraphs at most; how often paragraphs that are set in
# stand as lists, a sentence each, and how often one of the article's own does.
WITHIN, WITHIN_LENGTH, AS_LIST, OWN_AS_LIST = 0.12, 6, 0.15, 0.08
# The pieces of a sentence of a list at least, and of a paragraph that becomes a list.
LEAST_ITEM, LEAST_LIST = 5, 30
OPENING, CLOSING, STRAIGHT = "“", "”", '"'
AUTHORS, QUOTED, UNCLEAR = 0, 1, IGNORED


@dataclass
class Article:
    kind: str
    paragraphs: list  # of Paragraph, whole, with the marks of quotation in them
    marks: list  # for each paragraph, which pieces are marks of quotation


def articles_of(shared):
    """All articles as (set, paragraphs with states)."""
    lines = lambda text: [(line.strip(), 0) for line in text.split("\n") if line.strip()]
    named = [(name, d) for name in corpora.TEXTS for d in corpora.text_documents(shared, name, {})]
    named += [("polnear.train", d) for d in corpora.quote_documents(shared, "polnear.train")]
    named += [(name, d) for name in ("litbank.train", "gum_ccby.train") for d in corpora.coref_documents(shared, name)]
    found = [(name, lines(d.text)) for name, d in named]
    for name in corpora.MORE_TEXTS:
        found += corpora.some([(name, lines(r["text"])) for r in corpora.records(Path(shared) / "data/sentences" / f"{name}.jsonl.gz")])
    found += [("worldwide.train", of_sentences(d.text)) for d in corpora.entity_documents(shared, "worldwide.train")]
    found += [("open.train", with_states(d)) for d in corpora.block_documents(shared, "open.train")]
    found += [("own", with_states(d)) for d in corpora.own_block_documents()]
    return [(name, paragraphs) for name, paragraphs in found if sum(len(text) for text, _ in paragraphs) > 300]


def of_sentences(text, together=2):
    """Paragraphs of a text that has a sentence a line and none."""
    sentences = [line for line in text.split("\n") if line.strip()]
    return [(" ".join(sentences[i : i + together]), 0) for i in range(0, len(sentences), together)]


def neighbours_of(texts):
    """For each text which others are most like it in their words, but no near copies."""
    vectors = TfidfVectorizer(min_df=min(3, len(texts)), max_df=0.1, sublinear_tf=True, max_features=60000, dtype=np.float32).fit_transform(texts)
    found = []
    for start in range(0, len(texts), 500):
        likeness = (vectors[start : start + 500] @ vectors.T).toarray()
        likeness[np.arange(len(likeness)), np.arange(start, start + len(likeness))] = -1
        likeness[likeness > NEAR_COPY] = -1
        found += list(np.argsort(-likeness, axis=1, kind="stable")[:, :NEIGHBOURS])
    return found


def voices_of(texts):
    """Whose words the pieces of a paragraph are, by their text, and which of them are marks of quotation."""
    voices, marks, quoted = np.zeros(len(texts), np.int16), np.zeros(len(texts), bool), False
    for i, text in enumerate(texts):
        if text in (OPENING, CLOSING, STRAIGHT):
            marks[i] = True
            quoted = text == OPENING or text == STRAIGHT and not quoted
        elif quoted:
            voices[i] = QUOTED
    # A quotation that goes on in the next paragraph has no end here; any other lack of one is a slip.
    if quoted and not (marks[:1].all() and marks.sum() == 1):
        voices[:] = UNCLEAR
    return voices, marks


class Windows(torch.utils.data.Dataset):
    """Batches by their number, each the same whenever it is made."""

    def __init__(self, shared, tokenizer, seed, part, steps):
        self.seed, self.part, self.steps, self.tokenizer = seed, part, steps, tokenizer
        articles = articles_of(shared)
        self.neighbours = neighbours_of([" ".join(text for text, _ in paragraphs) for _, paragraphs in articles])
        self.articles = [self.article(*article) for article in articles]
        lengths = np.array([min(1500, sum(len(p.pieces) for p in a.paragraphs)) for a in self.articles], float)
        kinds = np.array([a.kind for a in self.articles])
        chance = sum(share * lengths * (kinds == kind) / max(1, lengths[kinds == kind].sum()) for kind, share in SHARES.items())
        self.upto = np.cumsum(chance / chance.sum())
        generator, sources = random.Random(seed), sources_in(shared)
        posts = [paragraphs for kind, paragraphs in articles if kind in ("open.train", "own")]
        said = lambda patterns: [self.paragraph(capital(said_by(patterns, sources, generator))) for _ in range(3000)]
        self.lead_ins, self.without_colon, self.signatures = said(LEAD_INS), said(WITHOUT_COLON), said(SIGNATURES)
        self.announcements = [self.paragraph(text) for text in announcements(posts)] or self.lead_ins
        self.traps = [self.paragraph(text.strip()) for text in TRAPS if text.strip()]
        self.stops = {tokenizer.token_to_id(c) for c in STOPS}
        self.ends = {tokenizer.token_to_id(c) for c in ".?!"}
        self.colon = tokenizer.token_to_id(":")

    def __len__(self):
        return self.steps

    def encoded(self, text):
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        return encoding, np.array(encoding.ids, np.uint16), np.array(shapes_of(text, encoding), np.uint8)

    def paragraph(self, text, state=0):
        """A paragraph of ours: nobody's words are asked for in it."""
        _, pieces, shapes = self.encoded(text)
        return Paragraph(pieces, shapes, state, np.full(len(pieces), UNCLEAR, np.int16))

    def article(self, kind, paragraphs):
        made = Article(kind, [], [])
        for text, state in paragraphs:
            encoding, pieces, shapes = self.encoded(text)
            if len(pieces):
                voices, marks = voices_of([text[start:end] for start, end in encoding.offsets])
                # What is quoted there is not what is asked for here.
                made.paragraphs.append(Paragraph(pieces, shapes, IGNORED if state != 0 else 0, voices))
                made.marks.append(marks)
        return made

    def __getitem__(self, number):
        rng = np.random.default_rng([self.seed, self.part, number])
        made, longest = [], 0
        while True:
            window = self.window(rng)
            longest = max(longest, length_of(window))
            if made and (len(made) + 1) * longest > BATCH_PIECES:
                break
            made.append(window)
        batch = Batch.of(made)
        asked = torch.from_numpy(rng.random(batch.pieces.shape) < HIDDEN) & (batch.pieces > MASK)
        how = torch.from_numpy(rng.random(batch.pieces.shape))
        other = torch.from_numpy(rng.integers(1000, self.tokenizer.get_vocab_size(), batch.pieces.shape))
        given = torch.where(asked & (how < BEHIND_MASK), MASK, torch.where(asked & (how > BEHIND_MASK + AS_IT_IS), other, batch.pieces))
        right = torch.where(asked, batch.pieces, IGNORED)
        batch.pieces = given
        return batch, right

    def any_article(self, rng):
        return min(int(np.searchsorted(self.upto, rng.random())), len(self.articles) - 1)

    def shown(self, article, k, without_marks, short):
        p, keep = article.paragraphs[k], ~article.marks[k]
        parts = [p.pieces, p.shapes, p.voices] if not without_marks else [p.pieces[keep], p.shapes[keep], p.voices[keep]]
        if not without_marks:
            parts[2] = np.full(len(p.pieces), UNCLEAR, np.int16)
        pieces, shapes, voices = (abridged(part) if short else part[:400] for part in parts)
        return Paragraph(pieces, shapes, p.state, voices)

    def window(self, rng):
        """Paragraphs of an article in their order, with some of others set in."""
        host = self.any_article(rng)
        article = self.articles[host]
        without_marks, short = rng.random() < WITHOUT_MARKS, rng.random() < ABRIDGED
        at = 0 if rng.random() < 0.25 else int(rng.integers(max(1, len(article.paragraphs) - 3)))
        wanted, announced, since, made = int(rng.choice(3, p=(0.3, 0.4, 0.3))), rng.random() < 0.75, 9, []
        one_of = lambda given: given[int(rng.integers(len(given)))]
        room = lambda: WINDOW - length_of(made)
        if rng.random() < WITHIN:
            began_before = self.block(host, without_marks, short, int(rng.integers(1, WITHIN_LENGTH + 1)), rng)
            for p in began_before:
                p.state = 2
            made, since = self.cut(began_before, WINDOW - 60), 0
        while room() > 8 and at < len(article.paragraphs):
            own = self.shown(article, at, without_marks, short)
            made += self.as_list(own) if len(own.pieces) > LEAST_LIST and rng.random() < OWN_AS_LIST else [own]
            at, since = at + 1, since + 1
            last, follows = made[-1], article.paragraphs[at].state if at < len(article.paragraphs) else 0
            if since < 2 or room() < 40 or last.state or follows or len(last.pieces) <= 8 or last.pieces[-1] == self.colon:
                continue
            if wanted and rng.random() < 0.25:
                block = self.block(host, without_marks, short, int(rng.choice(LENGTHS, p=LENGTH_WEIGHTS / LENGTH_WEIGHTS.sum())), rng)
                kind = rng.random() if announced else 1.0
                signed = kind < 0.1
                if block and announced and not signed:
                    self.attach(made, one_of(self.without_colon if kind < 0.2 else self.lead_ins if kind < 0.6 else self.announcements), short, rng)
                made += block + ([one_of(self.signatures)] if block and signed else [])
                if block and signed:
                    made[-1] = Paragraph(made[-1].pieces, made[-1].shapes, IGNORED, made[-1].voices)
                if block:
                    wanted, since = wanted - 1, 0
            elif announced and rng.random() < 0.05:
                self.attach(made, one_of(self.traps), short, rng)
        return self.cut(made)

    def block(self, host, without_marks, short, wanted, rng):
        """So many paragraphs of another article, or as many as it has."""
        near = self.neighbours[host]
        other = int(near[rng.integers(len(near))]) if rng.random() < FROM_NEIGHBOURS else self.any_article(rng)
        article, as_list, made = self.articles[other], rng.random() < AS_LIST, []
        # A long stretch begins where the article has one.
        upto = len(article.paragraphs) - (wanted if wanted > 6 else 0)
        for k in range(int(rng.integers(max(1, upto))), len(article.paragraphs)):
            if other == host or len(made) >= wanted:
                break
            paragraph = self.shown(article, k, without_marks, short)
            if made or len(paragraph.pieces) >= 12:
                made += self.as_list(paragraph) if as_list else [paragraph]
        for k, paragraph in enumerate(made[:wanted]):
            paragraph.state = 2 if k else 1
        return made[:wanted]

    def as_list(self, paragraph):
        """A paragraph a sentence."""
        ends = [
            k + 1
            for k, piece in enumerate(paragraph.pieces[:-1])
            if piece in self.ends and paragraph.pieces[k + 1] not in self.stops
        ]
        made, start = [], 0
        for end in [*ends, len(paragraph.pieces)]:
            if end - start >= LEAST_ITEM or end == len(paragraph.pieces):
                part = slice(start, end)
                made.append(Paragraph(paragraph.pieces[part], paragraph.shapes[part], paragraph.state, paragraph.voices[part]))
                start = end
        return made

    def attach(self, made, words, short, rng):
        """Words of the author's, at the end of the paragraph before or as one of their own."""
        before = made[-1]
        if rng.random() < 0.5 or int(before.pieces[-1]) not in self.stops:
            made.append(words)
            return
        parts = (np.concatenate(pair) for pair in ((before.pieces, words.pieces), (before.shapes, words.shapes), (before.voices, words.voices)))
        pieces, shapes, voices = (abridged(part) if short else part for part in parts)
        made[-1] = Paragraph(pieces, shapes, before.state, voices)

    @staticmethod
    def cut(made, most=WINDOW):
        """As much of the paragraphs as a window holds, or as stands in so many pieces."""
        room, kept = most - 1, []
        for p in made:
            size = min(len(p.pieces), room - 1)
            if size < 1:
                break
            kept.append(Paragraph(p.pieces[:size], p.shapes[:size], p.state, p.voices[:size]))
            room -= 1 + size
        return kept


def read(overview, windows, steps, rate, checkpoint, device, seed):
    """A part of the run."""
    parameters = [p for p in overview.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=rate, betas=(0.9, 0.98), weight_decay=0.02, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min((s + 1) / WARM, 1.0, (1 - s / steps) / (1 - EVEN)))
    done = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device)
        overview.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        schedule.load_state_dict(saved["schedule"])
        done = saved["step"]
    workers = 12 if device == "cuda" else 0
    batches = torch.utils.data.DataLoader(windows, batch_size=None, sampler=range(done, steps), num_workers=workers, pin_memory=device == "cuda")
    torch.manual_seed(seed)
    overview.train()
    began, running = time.time(), {}
    for number, (batch, right) in enumerate(batches, done):
        batch, right = batch.to(device), right.to(device)
        asked = right != IGNORED
        with torch.autocast(device, dtype=torch.bfloat16):
            hidden = overview.hidden(batch.pieces, batch.shapes)
            of_states = F.cross_entropy(overview.states(hidden, batch).flatten(0, 1), batch.states.flatten(), ignore_index=IGNORED)
            losses = {"words": F.cross_entropy(overview.guesses(hidden[asked]), right[asked]), "states": STATE_WEIGHT * of_states}
            if (batch.voices != IGNORED).any():
                losses["voices"] = VOICE_WEIGHT * F.cross_entropy(overview.voice(hidden).float().flatten(0, 1), batch.voices.flatten(), ignore_index=IGNORED)
        loss = sum(losses.values())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        if number % 50 == 49 or number + 1 == steps:
            running = {name: round(float(value.detach()), 4) for name, value in losses.items()}
            print(json.dumps({"step": number + 1, **running, "seconds": round(time.time() - began)}), flush=True)
        if number % 500 == 499:
            torch.save({"model": overview.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(), "step": number + 1}, checkpoint)


def main():
    options, device, tokenizer, encoder = asked_for(__doc__, "shared", "minilm", "model", "out")
    before = None
    for part, (depth, steps, rate) in enumerate(PARTS):
        result = options.out / f"part{part}.pt"
        torch.manual_seed(options.seed + part)
        overview = Overview(encoder, depth).to(device)
        if before:
            overview.begin_with(before)
        if not result.exists():
            print(json.dumps({"layers": depth, "steps": steps, "device": device}), flush=True)
            windows = Windows(options.shared, tokenizer, options.seed, part, steps)
            read(overview, windows, steps, rate, options.out / f"part{part}.checkpoint.pt", device, options.seed + part)
            torch.save(overview.state_dict(), result)
        before = torch.load(result, map_location=device)
    torch.save(before, options.out / "documents.pt")


if __name__ == "__main__":
    main()

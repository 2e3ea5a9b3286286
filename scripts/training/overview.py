#!/usr/bin/env python3
"""overview.py SHARED POSTS MINILM MODEL DOCUMENTS OUT [--seed N]: fits the second look at paragraphs to block quotations, and
writes it beside the weights of MODEL, a folder.

It begins with what `documents.py` has learned from articles alone (DOCUMENTS). Learned from posts with known block
quotations, those of SHARED and those that `posts.py` wrote (POSTS), from articles composed of others (`compose.py`), from
articles written for it (`data/blocks`), and from news, which has next to none. The states of the paragraphs of a window are learned together, as a chain (`chain.py`). Every window
is read twice with other parts of the network left out, and the two answers are drawn together (R-Drop, Liang et al. 2021);
words are hidden but in the last part of a run, so that articles are not learned by heart; and the weights are a running mean
(Polyak and Juditsky 1992). Several runs are made, which differ in their seeds; their mean (Wortsman et al. 2022) is fitted a
little more, because it is less sure than they are. Made for a GPU: a minute a run. Results of runs stand in OUT and are not
made again.
"""
import json
import random
import time

import numpy as np
import torch
from safetensors.numpy import save_file
from torch.nn import functional as F

import corpora
from chain import loss_of_chain
from compose import composed_documents
from corpora import IGNORED
from export import stored
from heads import GOES_ON
from overview_model import WINDOW, Batch, Overview, asked_for, length_of, opening_of, paragraphs_of, windows
from rows import exact_and_paragraphs
from windows import MASK, of_like_length

RUNS, EPOCHS, RATE, BATCH_PIECES = 6, 4, 1.5e-4, 6144
# How much two readings of a window have to agree, and the share of pieces that are hidden.
AGREE, HIDDEN = 1.5, 0.3
# The mean of the runs is fitted for so many steps more, of so many pieces.
MORE_STEPS, MORE_RATE, MORE_PIECES, MORE_HIDDEN = 350, 3e-5, 4096, 0.15
# How many articles are composed for each epoch.
COMPOSED, COMPOSED_SEED = 250, 1000
# How many articles of news are read in an epoch, and how many pieces the first window of an article has at least.
NEWS, LEAST_WINDOW = 150, 200
# Of POSTS, for each that quotes so many that do not are read, and so many windows of one, that long ones do not crowd out others.
SILENT, WINDOWS_OF_POST = 0.4, 6
# How often a window is shown what opened the quotation within which it begins, and two other paragraphs where it does not.
SHOWN, SHOWN_IN_VAIN = 0.75, 0.06
# From which part of a run on nothing is hidden, and how much a step moves the mean.
WHOLE_FROM, MEAN_RATE = 0.75, 0.01


def plan(shared, posts, tokenizer, epochs, most, seed):
    """All batches of a run in order: the same for the same seed."""
    generator, steps = random.Random(seed), []
    known = [d for name in corpora.BLOCK_TRAIN for d in corpora.block_documents(shared, name)] + corpora.own_block_documents()
    quoting, silent = corpora.quoting_and_silent(posts)
    news = corpora.quote_documents(shared, "polnear.train")
    for epoch in range(epochs):
        documents = known + generator.sample(news, min(NEWS, len(news)))
        documents += composed_documents(shared, COMPOSED_SEED * seed + epoch, COMPOSED)
        cut = [window for document in documents for window in cut_up(document, tokenizer, generator)]
        for document in quoting + generator.sample(silent, min(int(SILENT * len(quoting)), len(silent))):
            parts = cut_up(document, tokenizer, generator)
            cut += generator.sample(parts, min(WINDOWS_OF_POST, len(parts)))
        steps += of_like_length(cut, length_of, most, generator)
    return steps


def cut_up(document, tokenizer, generator):
    """The windows of a document in which anything is known."""
    paragraphs = paragraphs_of(corpora.with_straight_marks(document, generator, 0.3), tokenizer)
    opening = shown_before([p.state for p in paragraphs], generator)
    parts = windows([len(p.pieces) for p in paragraphs], opening, generator.randint(LEAST_WINDOW, WINDOW))
    return [w for w in (window.of(paragraphs) for window in parts) if any(p.state != IGNORED for p in w)]


def shown_before(states, generator):
    """What is shown before windows: mostly what opened the quotation within which they begin, but not always, as the program
    may have missed it; and now and then other paragraphs, as the program may be wrong."""

    def opening(start):
        if start and states[start] == GOES_ON:
            return opening_of(states, start) if generator.random() < SHOWN else range(0)
        if start > 1 and generator.random() < SHOWN_IN_VAIN:
            first = generator.randrange(start - 1)
            return range(first, first + 2)
        return range(0)

    return opening


def disagreement(scores, states):
    """How far apart the answers of the two halves of a batch are, both ways (Kullback and Leibler 1951), where they count."""
    first, second = F.log_softmax(scores, dim=-1).chunk(2)
    apart = ((first.exp() - second.exp()) * (first - second)).sum(-1) / 2
    known = states.chunk(2)[0] != IGNORED
    return apart[known].mean()


def fit(overview, steps, rate, share_hidden, agree, device, seed):
    """Fits the layers and the head; their running mean takes their place."""
    torch.manual_seed(seed)
    fresh = [p for n, p in overview.named_parameters() if n.startswith(("turn", "output"))]
    parameters = [*overview.layers.parameters(), *fresh]
    groups = [{"params": overview.layers.parameters(), "lr": rate}, {"params": fresh, "lr": 10 * rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    warm = max(1, len(steps) // 15)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min((s + 1) / warm, max(0.0, (len(steps) - s) / max(1, len(steps) - warm))))
    means = [p.detach().clone() for p in parameters]
    overview.train()
    began, running = time.time(), 0.0
    for number, step in enumerate(steps):
        batch = Batch.of(step).to(device)
        if number < WHOLE_FROM * len(steps):
            hide = (torch.rand(batch.pieces.shape, device=device) < share_hidden) & (batch.pieces > MASK)
            batch.pieces = torch.where(hide, MASK, batch.pieces)
        if agree:
            batch = batch.twice()
        with torch.autocast(device, dtype=torch.bfloat16):
            scores = overview(batch)
        loss = loss_of_chain(scores, batch.states, batch.lengths())
        if agree:
            loss = loss + agree * disagreement(scores, batch.states)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        torch._foreach_lerp_(means, [p.detach() for p in parameters], MEAN_RATE)
        running = float(loss.detach()) if number == 0 else 0.98 * running + 0.02 * float(loss.detach())
        if number % 50 == 49 or number + 1 == len(steps):
            print(json.dumps({"step": number + 1, "of": len(steps), "loss": round(running, 4), "seconds": round(time.time() - began)}), flush=True)
    with torch.no_grad():
        for parameter, mean in zip(parameters, means):
            parameter.copy_(mean)


def report(name, overview, documents, tokenizer, device):
    overview.eval()
    answers = []
    for document in documents:
        paragraphs, said = paragraphs_of(document, tokenizer), []
        for window in windows([len(p.pieces) for p in paragraphs], lambda start: opening_of(said, start)):
            with torch.no_grad(), torch.autocast(device, dtype=torch.bfloat16):
                scores = overview(Batch.of([window.of(paragraphs)]).to(device))[0, len(window.context) :]
            own = slice(window.answered.start - window.seen.start, window.answered.stop - window.seen.start)
            said += scores[own].argmax(1).tolist()
        if said:
            answers.append((np.array(said), np.array([p.state for p in paragraphs])))
    print(json.dumps({"set": name, **exact_and_paragraphs(answers)}), flush=True)


def install(overview, model):
    """Writes the layers and the head into the model's folder."""
    state = {name: value.cpu() for name, value in overview.state_dict().items()}
    layers = {name: value for name, value in state.items() if name.startswith("layers.")}
    own = {f"overview.{name}": value for name, value in stored(layers).items()}
    own |= {f"overview.{n}": v.numpy().astype(np.float16) for n, v in state.items() if n.startswith(("turn", "output"))}
    save_file(own, model / "overview.safetensors")


def main():
    options, device, tokenizer, encoder = asked_for(__doc__, "shared", "posts", "minilm", "model", "documents", "out")
    overview = Overview(encoder).to(device)
    learned = torch.load(options.documents, map_location=device)
    heads = {name: value.clone() for name, value in overview.state_dict().items() if name.startswith(("turn", "output"))}
    runs = []
    for seed in range(options.seed, options.seed + RUNS):
        result = options.out / f"run{seed}.pt"
        if not result.exists():
            overview.load_state_dict(learned | heads)
            fit(overview, plan(options.shared, options.posts, tokenizer, EPOCHS, BATCH_PIECES, seed), RATE, HIDDEN, AGREE, device, seed)
            torch.save(overview.state_dict(), result)
        runs.append(torch.load(result, map_location=device))
    overview.load_state_dict({name: sum(run[name] for run in runs) / len(runs) for name in learned})
    steps = plan(options.shared, options.posts, tokenizer, 1, MORE_PIECES, options.seed + RUNS)[:MORE_STEPS]
    fit(overview, steps, MORE_RATE, MORE_HIDDEN, 0.0, device, options.seed + RUNS)
    report("open.dev", overview, corpora.block_documents(options.shared, "open.dev"), tokenizer, device)
    install(overview, options.model)


if __name__ == "__main__":
    main()

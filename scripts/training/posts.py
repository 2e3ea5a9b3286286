#!/usr/bin/env python3
"""posts.py LIST CLONES SHARED OUT: posts of public repositories, as articles of which it is known what they quote.

LIST (`data/posts.tsv`) names for each repository a commit, the licence of the posts and where it is stated, the folders or
files they stand in, and whether only posts that quote are taken, because others leave quotations unmarked. CLONES is where they are
cloned to. OUT, `posts.jsonl.gz`, is like the sets of `data/blocks`. Posts that share passages with those are left out, and so
are posts in other languages, posts that are mostly code, posts that are nothing but quotations, dialogues of plays, and
posts that state a licence of their own which is not open.
"""
import argparse
import csv
import gzip
import hashlib
import json
import re
import subprocess
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from corpora import records, some
from markup import NO_PROSE, paragraphs_of

SOURCE = "https://github.com/"
ENDINGS = (".md", ".markdown", ".mkd", ".mdown", ".mdx", ".html", ".htm", ".txt")
# Files that are no posts, wherever they stand.
OTHER_FILES = re.compile(r"(^|/)(readme|licen[cs]e|contributing|changelog|code_of_conduct|index\.(?!md))|node_modules|/vendor/|_includes/|_layouts/|layouts/|themes?/|templates?/", re.I)
BYTES = range(301, 300_000)
LEAST_WORDS, MOST_PARAGRAPHS = 60, 400
# Words that any English text has, and what share of its words they are at least: of a post, and of a paragraph of prose.
COMMON = {"the", "of", "and", "to", "a", "in", "is", "that", "for", "it", "on", "with", "as", "this", "are", "be", "was", "i", "not", "by"}
COMMON_OF_POST, COMMON_OF_PARAGRAPH = 0.22, 0.1
CLOSED = re.compile(r"^licen[cs]e:.*\b(nc|nd|noncommercial|noderivatives)\b", re.I | re.M)
# What is set as a quotation and is none: it begins so, or its class says so.
REMARK = re.compile(
    r"\W*(note|nb|n\.b|update|edit|tip|tl;?dr|warning|caution|important|disclaimer|info|hint|see also|editor|"
    r"this (post|article|page|essay|piece|entry|blog|is (part|a (guest|cross)))|originally|cross-?posted|first published|"
    r"photo|image|figure|source:|credit|translation|translated|caption|table of|prerequisite|todo|question:|answer:|exercise|"
    r"definition|theorem|lemma|correction|an earlier version|if you|want to|subscribe|sign up|join us|read more|learn more|click|\[!)",
    re.I,
)
REMARK_CLASS = re.compile("pull|note|warn|info|tip|alert|callout|admon|prompt|highlight|hint|caution|important")
TURN_OF_A_PLAY = re.compile(r"[A-Z][A-Z' .]+:")
# A quotation of fewer words before a post begins is its motto.
MOTTO = 60
# So many words in a row in so many places are a passage.
PASSAGE, PASSAGES = 12, 3


def words(text):
    return re.findall(r"[A-Za-z']+", text.lower())


def share_of_common(own):
    return sum(w in COMMON for w in own) / max(1, len(own))


def kind_of_quotation(run, post_has_begun):
    texts = [p.text for p in run]
    if "tweet" in run[0].marked or "instagram" in run[0].marked:
        return "tweet"
    prose = any(len(words(t)) >= 5 and share_of_common(words(t)) >= COMMON_OF_PARAGRAPH for t in texts)
    if REMARK_CLASS.search(run[0].marked) or REMARK.match(texts[0]) or not prose or all(p.kind in NO_PROSE for p in run):
        return "pull"
    return "quote" if post_has_begun or sum(len(words(t)) for t in texts) >= MOTTO else "epigraph"


def post_of(source, is_html):
    """The paragraphs of a post as `data/blocks` has them; None if it is none of the kind that is wanted."""
    found = [] if CLOSED.search(source[:2000]) else paragraphs_of(source, is_html)
    own = words(" ".join(p.text for p in found if p.kind in ("para", "list")))
    if len(own) < LEAST_WORDS or len(found) > MOST_PARAGRAPHS or share_of_common(own) < COMMON_OF_POST:
        return None
    if 6 * sum(p.kind in NO_PROSE for p in found) > len(found) or not any(p.kind == "para" and not p.depth for p in found):
        return None
    quoted = [p for p in found if p.depth]
    if sum(len(p.text) for p in quoted) > 0.85 * sum(len(p.text) for p in found):
        return None
    if quoted and sum(bool(TURN_OF_A_PLAY.match(p.text)) for p in quoted) > 0.2 * len(quoted):
        return None
    made, begun, at = [], False, 0
    while at < len(found):
        end = at + 1
        while found[at].depth and end < len(found) and found[end].depth:
            end += 1
        kind = kind_of_quotation(found[at:end], begun) if found[at].depth else None
        made += [{"text": p.text, "kind": p.kind, "quoted": p.depth > 0, "btype": kind} for p in found[at:end]]
        begun = begun or (not found[at].depth and found[at].kind == "para" and len(found[at].text) > 60)
        at = end
    return made


def passages(paragraphs):
    """Every few words in a row of a post."""
    own = re.findall(r"\w+", "\n".join(p["text"] for p in paragraphs).lower())
    return {hash(tuple(own[i : i + PASSAGE])) for i in range(len(own) - PASSAGE + 1)}


def cloned(name, commit, clones):
    """The git directory of a clone that has the commit, made if it is not there."""
    folder = clones / name.replace("/", "+")
    if not folder.exists():
        part = folder.with_suffix(f"{folder.suffix}.part")
        subprocess.run(["git", "init", "--quiet", "--bare", part], check=True)
        subprocess.run(["git", f"--git-dir={part}", "fetch", "--quiet", "--depth=1", SOURCE + name, commit], check=True)
        part.rename(folder)
    return f"--git-dir={folder}"


def files_of(git, commit, folders):
    """(path, text) of the files that may be posts."""
    listed = subprocess.run(["git", git, "ls-tree", "-r", "-z", "-l", commit], stdout=subprocess.PIPE, check=True).stdout
    wanted = {}
    for about, _, path in (entry.partition("\t") for entry in listed.decode("utf-8", "replace").split("\0")):
        inside = not folders or path in folders or path.startswith(tuple(f.strip("/") + "/" for f in folders))
        if inside and path.lower().endswith(ENDINGS) and not OTHER_FILES.search(path):
            _, kind, blob, size = about.split()
            if kind == "blob" and int(size) in BYTES:
                wanted.setdefault(blob, path)
    for blob, path in wanted.items():
        text = subprocess.run(["git", git, "cat-file", "blob", blob], stdout=subprocess.PIPE, check=True).stdout
        yield path, text.decode("utf-8", "replace")


def posts_of(row, clones):
    name, commit = row["repository"], row["commit"]
    folders = [folder for folder in row["folders"].split(",") if folder]
    found = []
    for path, source in some(list(files_of(cloned(name, commit, clones), commit, folders))):
        paragraphs = post_of(source, path.lower().endswith((".html", ".htm")))
        if paragraphs and (row["posts"] == "all" or any(p["btype"] == "quote" for p in paragraphs)):
            number = hashlib.sha256(f"{name}/{path}".encode()).hexdigest()[:10]
            about = {"id": f"{name.split('/')[0]}:{number}", "repo": name, "path": path, "licence": row["licence of the text"]}
            found.append(about | {"paragraphs": paragraphs})
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("list", "clones", "shared", "out"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    options.clones.mkdir(parents=True, exist_ok=True)
    known = set()
    for path in sorted((options.shared / "data/blocks").glob("*.jsonl.gz")):
        known |= {passage for post in records(path) for passage in passages(post["paragraphs"])}
    with open(options.list, newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    taken = set()
    with ProcessPoolExecutor() as pool, gzip.open(options.out, "wt", encoding="utf-8") as out:
        for row, posts in zip(rows, pool.map(posts_of, rows, [options.clones] * len(rows))):
            count = Counter()
            for post in posts:
                own = passages(post["paragraphs"])
                if len(own & known) >= PASSAGES or 2 * len(own & taken) > max(1, len(own)):
                    count["seen before"] += 1
                    continue
                taken |= own
                count["posts"] += 1
                count["that quote"] += any(p["btype"] == "quote" for p in post["paragraphs"])
                out.write(json.dumps(post, ensure_ascii=False) + "\n")
            print(json.dumps({"repository": row["repository"], **count}), flush=True)


if __name__ == "__main__":
    main()

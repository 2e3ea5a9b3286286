"""Articles composed of others: somebody announces words, and what follows is paragraphs of another text.

Posts with known block quotations are few, and most of their blocks have one paragraph. Where a block ends has to be
learned from more: articles and posts are the hosts, into which paragraphs of others are set after lead-ins, real ones and
ours. The other text is, of several, the one most like the host in its names, so that a change of topic does not give it
away. Colons after which the author goes on are put in as well.
"""
import random
import re

from corpora import Document, block_documents, quote_documents, records, some, text_documents

# S stands for a source.
LEAD_INS = """
S wrote:|S writes:|S said:|S says:|S put it this way:|S added:|S responded:|S replied:|S went on:|S again:|S explains:|S continued:
From S:|S has more:|S on the subject:|Here is S:|Here's S:|And here is S:|Then there is this from S:|More from S:|This is S:|Via S:
S wrote in a letter to the editor:|S said in a statement:|In a statement, S said:|In a blog post, S wrote:|S writes on the blog:
S told the committee:|S put out this statement on Monday:|S sent this answer by e-mail:|S wrote in an e-mail to staff:|S wrote back:
Here is what S had to say:|Here's how S described it:|As S put it in an interview last year:|In the words of S:|S summed it up:
S recalled it in a memoir:|S noted in the report:|The report by S concludes:|S reported:|According to S:|S reports this morning:
Asked about it, S answered:|S posted the following on Facebook:|S issued the following statement:|The full statement from S:
S opened with this:|S makes the point:|S argues:|S warned in a column:|S told reporters afterwards:|S explained the decision:
The release from S says:|The e-mail from S reads:|The letter, signed by S, reads in part:|The opinion by S states:|An excerpt from S:
A passage from S:|Money quote from S:|Consider what S wrote:|S, in full:|S, writing a week later:|S had this to say about it:
""".replace("\n", "|").split("|")
WITHOUT_COLON = """
S released a statement on Tuesday.|S has a different take.|S explained in a post.|S published the following.|S disagrees, and says why.
S described it in an open letter.|S answered in writing.|I asked S about it.|This comes from S.|S, in yesterday's paper, has the story
""".replace("\n", "|").split("|")
SIGNATURES = ["-- S", "— S", "– S", "(S)", "S", "--S", "Source: S"]
TRAPS = """
Here is what happened next:|There are several reasons:|But consider this:|The problem is simple:|That leaves one question:|Here's the thing:
Three things stand out:|The numbers tell the story:|What comes next is anybody's guess:|The answer, it turns out, is plain:|In short:
What we know so far:|This is how it works:|The lesson is this:|Some background:|And one more thing:|The details:|A few notes:|My view:
It works like this:|To be clear:|So the plan changed:|The result was no surprise:|Which brings us to the point:|Update:|First, the facts:
""".replace("\n", "|").split("|")
LENGTHS, WEIGHTS = range(1, 9), (44, 22, 13, 8, 5, 4, 2, 2)
IN_MARKS, SIGNED, COLONLESS, OUR_LEAD_INS, APART = 0.08, 0.08, 0.1, 0.55, 0.5
TRAP_SHARE = 0.35
LONGEST_HOST = 30
CANDIDATES = 6
STOPS = ".?!\"”)"


def prose(text):
    return len(text) >= 60 and " " in text and text[0] not in "-*#|[<&•"


def with_states(document):
    """The paragraphs of a document with their states."""
    ends = [start for start, _ in document.paragraphs[1:]] + [len(document.text)]
    return [(document.text[start:end].strip(), state) for (start, state), end in zip(document.paragraphs, ends)]


def names(paragraphs):
    return set(re.findall(r"\b[A-Z]\w{3,}", " ".join(text for text, _ in paragraphs)))


def composed_documents(shared, seed, count):
    """So many documents of paragraphs with states, as `post_documents` has them."""
    generator = random.Random(seed)
    posts = [with_states(d) for d in block_documents(shared, "open.train")]
    news = [with_states(d) for d in quote_documents(shared, "polnear.train")]
    for name in ("wikinews_2019_2020", "bbc2004", "abc2006"):
        texts = [d.text.split("\n\n") for d in text_documents(shared, name)]
        news += [[(text, 0) for text in paragraphs] for paragraphs in generator.sample(texts, min(len(texts), 250))]
    posts, news = ([p for p in kind if len(p) >= 4] for kind in (posts, news))
    sources, announced = sources_in(shared), announcements(posts)
    blocks = [[(text, 0) for text, _ in run] for post in posts for run in runs(post)]
    given = [p for p in posts + news + blocks if any(prose(text) for text, _ in p)]
    return [compose(f"composed:{n}", generator.choice(posts if generator.random() < 0.6 else news), given, sources, announced, generator) for n in some(range(count))]


def sources_in(shared):
    """Sources of news, by which lead-ins are filled in."""
    found = set()
    for record in records(f"{shared}/data/quotes/polnear.train.jsonl.gz"):
        for part in (part for quote in record["quotes"] for part in quote.get("source") or []):
            text = record["text"][part["start"] : part["end"]]
            if len(text) < 60 and re.match("[A-Z]|(the|a|an) ", text):
                found.add(text)
    return sorted(found)


def announcements(posts):
    """Paragraphs before block quotations that end with a colon."""
    return [before for post in posts for (before, state), (_, after) in zip(post, post[1:]) if state == 0 and after == 1 and before.endswith(":")]


def said_by(patterns, sources, generator):
    """One of some patterns for a source, with one."""
    return generator.choice([p for p in patterns if p.strip()]).strip().replace("S", generator.choice(sources), 1)


def capital(text):
    return text[:1].upper() + text[1:]


def runs(post):
    """The block quotations of a post."""
    found = []
    for paragraph in post:
        if paragraph[1] == 1:
            found.append([])
        if paragraph[1] in (1, 2) and found:
            found[-1].append(paragraph)
    return found


def another_text(host, given, wanted, generator):
    """Paragraphs of one text in their order, by names as like the host as any of a few."""
    own, texts = names(host), {text for text, _ in host}
    likeness = lambda other: len(own & names(other)) / (10 + len(names(other)))
    choice = max(generator.sample(given, CANDIDATES), key=lambda other: -1 if any(text in texts for text, _ in other) else likeness(other))
    usable = [k for k, (text, state) in enumerate(choice) if prose(text) and state == 0 and text not in texts]
    if not usable:
        return []
    stretches = []
    for start in generator.choices(usable, k=4):
        end = start
        while end in usable and end < start + wanted:
            end += 1
        stretches.append([text for text, _ in choice[start:end]])
    return max(stretches, key=len)


def compose(name, host, given, sources, announced, generator):
    start = generator.randint(0, max(0, len(host) - LONGEST_HOST))
    host = list(host[start : start + LONGEST_HOST])
    if host[0][1] == 2:
        host[0] = (host[0][0], None)
    one_of = lambda patterns: generator.choice([p for p in patterns if p.strip()])
    made, since = [], 99
    chance = generator.choice([0.08, 0.15, 0.25])
    for k, (text, state) in enumerate(host):
        made.append((text, state))
        since += 1
        follows = host[k + 1][1] if k + 1 < len(host) else 0
        if state != 0 or follows not in (0, None) or not prose(text) or since < 2 or text.endswith(":"):
            continue
        if generator.random() < TRAP_SHARE * chance and follows == 0:
            if generator.random() < APART or text[-1] not in STOPS:
                made.append((one_of(TRAPS), 0))
            else:
                made[-1] = (f"{text} {one_of(TRAPS)}", 0)
            continue
        if generator.random() >= chance:
            continue
        block = another_text(host, given, generator.choices(LENGTHS, WEIGHTS)[0], generator)
        if not block:
            continue
        signature, kind = None, generator.random()
        if kind < SIGNED:
            signature = said_by(SIGNATURES, sources, generator)
        elif kind < SIGNED + COLONLESS:
            lead_in = capital(said_by(WITHOUT_COLON, sources, generator))
        elif kind < SIGNED + COLONLESS + OUR_LEAD_INS:
            lead_in = capital(said_by(LEAD_INS, sources, generator))
        else:
            lead_in = generator.choice(announced)
        if signature is None:
            if generator.random() < APART or len(lead_in) > 200 or text[-1] not in STOPS:
                made.append((lead_in, 0))
            else:
                made[-1] = (f"{text} {lead_in}", 0)
        if generator.random() < IN_MARKS:
            block = [f"“{p}" for p in block]
            block[-1] += "”"
        made += [(p, 1 if n == 0 else 2) for n, p in enumerate(block)]
        if signature is not None:
            made.append((signature, None))
        since = 0
    text, paragraphs = "", []
    for part, state in made:
        text += "\n\n" if text else ""
        paragraphs.append((len(text), state))
        text += part
    return Document(name, text, {}, True, paragraphs)

"""Posts in Markdown or HTML as paragraphs, and how deep in quotations each stands."""
import re
from dataclasses import dataclass

from lxml import etree, html
from markdown_it import MarkdownIt

# What stands in a post besides its text: the front matter, what a generator of sites replaces, notes at its foot.
FRONT = re.compile(r"\A\ufeff?\s*(---|\+\+\+)\s*\n(.*?)\n\1\s*\n", re.S)
REPLACED = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{:.*?\}|<!--.*?-->|\[\^[^\]\s]+\](?!:)|\{\.[^}]*\}", re.S)
FOOTNOTE = re.compile(r"^\[\^[^\]]+\]:.*(?:\n[ \t]+.*)*", re.M)
NO_TEXT = re.compile(r"<\?.*?\?>|<sup\b.*?</sup>", re.S)
# Quotations as some generators have them: `{% blockquote %}`, `{{< quote >}}`.
QUOTATION = re.compile(r"\{%-?\s*(end)?(?:blockquote|quote)\b[^%]*%\}|\{\{[<%]\s*(/)?(?:block)?quote\b[^>%]*[>%]\}\}")
BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "dt", "dd", "figcaption", "figure", "blockquote", "div"}
BLOCKS |= {"section", "article", "ul", "ol", "dl", "hr", "main", "body", "aside", "details", "summary", "center", "tr", "td"}
SKIPPED = {"script", "style", "nav", "footer", "header", "form", "iframe", "svg", "math", "noscript", "button", "select", "head"}
SKIPPED |= {"template", "video", "audio", "img"}
KINDS = {"li": "list", "dt": "list", "dd": "list", "pre": "code", "table": "table"} | {f"h{n}": "heading" for n in range(1, 7)}
NO_PROSE = ("code", "table")
BREAK = "\x0b"
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@dataclass
class Paragraph:
    text: str
    kind: str  # para, list, heading, code, table
    depth: int  # of quotations
    marked: str  # the class of the outermost quotation


def paragraphs_of(source, is_html):
    source = FRONT.sub("", source.replace("\r\n", "\n"))
    source = QUOTATION.sub(lambda m: "\n\n</blockquote>\n\n" if m[1] or m[2] else "\n\n<blockquote>\n\n", source)
    source = FOOTNOTE.sub("", REPLACED.sub("", source))
    page = NO_TEXT.sub("", source if is_html else MARKDOWN.render(source))
    reader = Reader()
    try:
        reader.read(html.fragment_fromstring(page, create_parent="div"), "para", 0, "")
    except (etree.ParserError, ValueError, RecursionError):
        return []  # empty, or nobody's idea of a page
    return reader.found


class Reader:
    def __init__(self):
        self.found = []

    def read(self, node, kind, depth, marked):
        """What stands in an element, and not in a paragraph around it."""
        parts = [node.text or ""]
        self.walk(node, kind, depth, marked, parts)
        self.end(parts, kind, depth, marked)

    def walk(self, node, kind, depth, marked, parts):
        for child in node:
            tag = child.tag if isinstance(child.tag, str) else None
            if tag == "br":
                parts.append(BREAK)
            elif tag in BLOCKS:
                self.end(parts, kind, depth, marked)
                quotes = tag == "blockquote"
                inner = (KINDS.get(tag, kind), depth + quotes, marked or (child.get("class") or "") * quotes)
                if inner[0] in NO_PROSE:
                    self.end([child.text_content()], *inner)
                else:
                    self.read(child, *inner)
            elif tag is not None and tag not in SKIPPED:
                parts.append(child.text or "")
                self.walk(child, kind, depth, marked, parts)
            parts.append(child.tail or "")

    def end(self, parts, kind, depth, marked):
        text = re.sub(r"[ \t\u00a0]+", " ", "".join(parts))
        parts.clear()
        # A line that is broken on purpose is a paragraph in plain text only where an empty one follows.
        for paragraph in [text] if kind == "code" else re.split(r"\n\s*\n", text):
            paragraph = re.sub(rf"\s*{BREAK}\s*", "\n", re.sub(r"\s*\n\s*", " ", paragraph)).strip()
            if paragraph:
                self.found.append(Paragraph(paragraph, kind, depth, marked))

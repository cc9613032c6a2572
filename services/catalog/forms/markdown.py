"""What editors type in markdown, as HTML for a page: headings, lists, links and emphasis, and nothing else."""

from collections.abc import Sequence
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_HIGHEST, _LOWEST = 2, 6
_TAGS: Final = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li"),
    *("blockquote", "em", "strong", "s", "a", "code", "pre"),
}
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES: Final = {"http", "https", "mailto", "tel"}
_REL: Final = "nofollow noopener"


def rendered(text: str, *, highest: int = _HIGHEST) -> Markup:
    """``text`` as HTML. Its headings begin at ``highest`` (2: below the title of the page).

    HTML that was typed stays visible as text. Pictures are left out, and links go only to the web, to a mail address or
    to a telephone number, or to a page of ours (``/meetings``); whatever comes out goes once more through a sanitiser.
    """
    tokens = _MARKDOWN.parse(text)
    _level(tokens, highest)
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return Markup(nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=_REL))  # noqa: S704  # sanitised


def links_in(text: str) -> tuple[str, ...]:
    """The addresses that ``text`` links to, each once, in their order."""
    inline = [token for token in _MARKDOWN.parse(text) if token.type == "inline"]
    opened = [child for token in inline for child in token.children or () if child.type == "link_open"]
    return tuple(dict.fromkeys(str(link.attrGet("href")) for link in opened))


def _level(tokens: Sequence[Token], highest: int) -> None:
    """Let the headings begin at ``highest`` and go down one level at a time, whatever levels were typed."""
    opened = [token for token in tokens if token.type == "heading_open"]
    closed = [token for token in tokens if token.type == "heading_close"]
    typed = [int(token.tag[1:]) for token in opened]
    level = highest - 1
    for each, opens, closes in zip(typed, opened, closed, strict=True):
        level = min(each - min(typed) + highest, level + 1, _LOWEST)
        opens.tag = closes.tag = f"h{level}"


_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable("image")

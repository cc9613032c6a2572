"""What editors type in markdown, as HTML for a page: headings, lists, links and emphasis, and nothing else."""

from collections.abc import Sequence
from typing import Any, Final

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
    """``text`` as HTML. The first level of its headings becomes ``highest`` (2: below the title of the page).

    HTML that was typed stays visible as text. Pictures are left out, and links go only to the web, to a mail address or
    to a telephone number, or to a page of ours (``/meetings``); whatever comes out goes once more through a sanitiser.
    """
    html = _MARKDOWN.render(text, {"highest": highest})
    return Markup(nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=_REL))  # noqa: S704  # sanitised


def links_in(text: str) -> tuple[str, ...]:
    """The addresses that ``text`` links to, each once, in their order."""
    inline = [token for token in _MARKDOWN.parse(text) if token.type == "inline"]
    opened = [child for token in inline for child in token.children or () if child.type == "link_open"]
    return tuple(dict.fromkeys(str(link.attrGet("href")) for link in opened))


def _heading(_: Any, tokens: Sequence[Token], index: int, options: Any, env: dict[str, int]) -> str:
    """A heading some levels lower than it was typed, as those of the page stand above it."""
    del options
    token = tokens[index]
    level = min(int(token.tag[1:]) - 1 + env["highest"], _LOWEST)
    return f"<h{level}>" if token.nesting == 1 else f"</h{level}>\n"


def _renderer() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable("image")
    for kind in ("heading_open", "heading_close"):
        markdown.add_render_rule(kind, _heading)
    return markdown


_MARKDOWN: Final = _renderer()

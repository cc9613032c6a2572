"""Atom, as news readers fetch it (RFC 4287): an entry is written once and kept; a feed only joins them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from shared.times import utc_text

NAMESPACE = "http://www.w3.org/2005/Atom"
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
_END = b"</feed>"
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


@dataclass(frozen=True)
class Link:
    """Where something of an entry or a feed is found, and in which form."""

    href: str
    relation: str = "alternate"
    media_type: str = "text/html"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry. ``id`` is an IRI that never changes; ``html`` is made by us and safe; moments are aware.

    ``categories`` are (code, label) pairs. ``author`` is a name and never an address.
    """

    id: str
    title: str
    updated_at: datetime
    published_at: datetime | None
    author: str
    summary: str
    html: str
    links: tuple[Link, ...]
    categories: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Head:
    """What a feed says of itself. ``id`` is its address; ``updated_at`` (aware) moves only forward."""

    id: str
    language: str
    title: str
    subtitle: str
    updated_at: datetime
    author: str
    links: tuple[Link, ...]


def entry(facts: Entry) -> bytes:
    """The element of one entry, to stand in any feed of ours."""
    element = Element("entry")
    _put(element, "id", facts.id)
    _put(element, "title", facts.title)
    _put(element, "updated", utc_text(facts.updated_at.replace(microsecond=0)))
    if facts.published_at:
        _put(element, "published", utc_text(facts.published_at.replace(microsecond=0)))
    _put_author(element, facts.author)
    _put_links(element, facts.links)
    for code, label in facts.categories:
        SubElement(element, "category", term=_clean(code), label=_clean(label))
    _put(element, "summary", facts.summary)
    _put(element, "content", facts.html, type="html")
    return bytes(tostring(element, "utf-8")) + b"\n"


def around(head: Head) -> tuple[bytes, bytes]:
    """What comes before the entries of a feed, and after them; without entries it is valid too."""
    element = Element("feed", {"xmlns": NAMESPACE, "xml:lang": head.language})
    _put(element, "id", head.id)
    _put(element, "title", head.title)
    _put(element, "subtitle", head.subtitle)
    _put(element, "updated", utc_text(head.updated_at.replace(microsecond=0)))
    _put_author(element, head.author)
    _put_links(element, head.links)
    return _DECLARATION + bytes(tostring(element, "utf-8")).removesuffix(_END) + b"\n", _END + b"\n"


def _put_author(element: Element, name: str) -> None:
    if name:
        _put(SubElement(element, "author"), "name", name)


def _put_links(element: Element, links: Iterable[Link]) -> None:
    for link in links:
        SubElement(element, "link", rel=link.relation, type=link.media_type, href=_clean(link.href))


def _put(element: Element, tag: str, text: str, **attributes: str) -> None:
    SubElement(element, tag, attributes).text = _clean(text)


def _clean(text: str) -> str:
    """``text`` with a replacement for what no XML may hold, such as U+FFFF."""
    return _NO_CHARACTER.sub("\ufffd", text)

"""Atom feeds (RFC 4287): what is new, for programs that people read news with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from shared.times import utc_text

ATOM_TYPE = "application/atom+xml; charset=utf-8"

_NAMESPACE = "http://www.w3.org/2005/Atom"
_BEFORE_ANYTHING = "1970-01-01T00:00:00Z"


@dataclass(frozen=True)
class AtomEntry:
    """One thing that is told: ``url`` is its page and its id; ``text`` is plain, ``updated`` aware."""

    url: str
    title: str
    text: str
    updated: datetime
    published: datetime | None = None
    author: str = ""


@dataclass(frozen=True, kw_only=True)
class AtomFeed:
    """The feed found at ``url`` about what stands on ``page``; ``author`` answers for entries that name nobody."""

    title: str
    url: str
    page: str
    author: str
    language: str
    entries: Sequence[AtomEntry]


def atom(said: AtomFeed) -> bytes:
    """The feed as a document; its moment is that of the entry that changed last.

    Texts hold no characters that XML cannot. Every entry has an author, if only the feed's (RFC 4287, section 4.1.1).
    """
    feed = ET.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": said.language})
    _add(feed, "id", said.url)
    _add(feed, "title", said.title)
    ET.SubElement(feed, "link", {"rel": "self", "href": said.url})
    ET.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": said.page})
    latest = max((each.updated for each in said.entries), default=None)
    _add(feed, "updated", utc_text(latest) if latest else _BEFORE_ANYTHING)
    _add(ET.SubElement(feed, "author"), "name", said.author)
    for each in said.entries:
        _add_entry(feed, each)
    document: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def _add_entry(feed: ET.Element, told: AtomEntry) -> None:
    entry = ET.SubElement(feed, "entry")
    _add(entry, "id", told.url)
    _add(entry, "title", told.title)
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": told.url})
    if told.published:
        _add(entry, "published", utc_text(told.published))
    _add(entry, "updated", utc_text(told.updated))
    if told.author:
        _add(ET.SubElement(entry, "author"), "name", told.author)
    _add(entry, "content", told.text).set("type", "text")


def _add(under: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(under, name)
    element.text = text
    return element

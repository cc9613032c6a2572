"""Where links to elsewhere stand: in knowledge, in the texts of the programme, with meetings."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.catalog.forms.markdown import links_in
from services.catalog.queries.links import meetings_with_documents, texts_with_links
from services.catalog.queries.page_texts import page_texts
from shared.events.catalog import Texts

_WEB = ("https://", "http://")


@dataclass(frozen=True)
class Mention:
    """A place where a link stands: what it is called, and the path of the page where an editor changes it."""

    title: Texts
    path: str


def mentions(session: Session) -> dict[str, list[Mention]]:
    """Every address of the web that we link to, with the places where it stands."""
    found: dict[str, list[Mention]] = defaultdict(list)
    for url, mention in _all(session):
        if url.startswith(_WEB) and mention not in found[url]:
            found[url].append(mention)
    return {url: places for url, places in found.items() if places}


def _all(session: Session) -> Iterator[tuple[str, Mention]]:
    for item in texts_with_links(session):
        mention = Mention(item.title, f"/organise/knowledge/{item.id}")
        yield item.url, mention
        yield from ((url, mention) for url in _in_texts(item.body))
    for text in page_texts(session):
        mention = Mention(text.title, f"/organise/texts/{text.name}")
        yield from ((url, mention) for url in _in_texts(text.body))
    for meeting in meetings_with_documents(session):
        mention = Mention(meeting.title, f"/organise/meetings/{meeting.id}")
        yield from ((document.url, mention) for document in meeting.documents)


def _in_texts(texts: Mapping[str, str]) -> Iterator[str]:
    for text in texts.values():
        yield from links_in(text)

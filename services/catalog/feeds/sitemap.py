"""The list of our pages for search engines (sitemaps.org), each with the languages that it speaks.

Where there are more than one such list may hold, it is a list of lists.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.queries import Part
from services.catalog.queries.published import changed_pages, count_pages
from shared.i18n import LANGUAGES
from shared.times import utc_text

MOST_PAGES = 50_000
"""As many as one such list may hold."""

_ALWAYS = (
    *("/", "/about", "/meetings", "/knowledge", "/knowledge/experts"),
    *("/stories", "/manifest", "/reach", "/open-data"),
)
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"

Page = tuple[str, datetime | None]


@dataclass(frozen=True)
class SiteMap:
    """All our pages under ``base_url``, ``most`` in one list."""

    base_url: str
    most: int = MOST_PAGES

    def whole(self, session: Session) -> bytes:
        """All pages, or the lists in which they are found."""
        pages = count_pages(session) + len(_ALWAYS)
        if pages <= self.most:
            return self.part(session, 1) or b""
        root = ET.Element("sitemapindex", {"xmlns": _NAMESPACE})
        for number in range(1, -(-pages // self.most) + 1):
            ET.SubElement(ET.SubElement(root, "sitemap"), "loc").text = f"{self.base_url}/sitemap-{number}.xml"
        return _document(root)

    def part(self, session: Session, number: int) -> bytes | None:
        """The list with this number, from 1 on, None where there is none; what is always there comes first."""
        changed_at = queries.catalogue_version(session).changed_at
        always: list[Page] = [(path, changed_at if path == "/meetings" else None) for path in _ALWAYS]
        begin = (number - 1) * self.most
        first = always[begin : begin + self.most]
        rest = Part(self.most - len(first), max(0, begin - len(always)))
        pages: list[Page] = [*first, *changed_pages(session, rest)]
        return _document(self._listed(pages)) if pages else None

    def _listed(self, pages: Iterable[Page]) -> ET.Element:
        root = ET.Element("urlset", {"xmlns": _NAMESPACE, "xmlns:xhtml": _XHTML})
        for path, changed_at in pages:
            address = f"{self.base_url}{path}"
            page = ET.SubElement(root, "url")
            ET.SubElement(page, "loc").text = address
            if changed_at:
                ET.SubElement(page, "lastmod").text = utc_text(changed_at)
            for language, query in (*((each, f"?lang={each}") for each in LANGUAGES), ("x-default", "")):
                ET.SubElement(page, "xhtml:link", {"rel": "alternate", "hreflang": language, "href": address + query})
        return root


def _document(root: ET.Element) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root)

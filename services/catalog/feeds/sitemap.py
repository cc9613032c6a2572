"""The list of our pages for search engines (sitemaps.org), each with the languages that it speaks."""

from collections.abc import Iterable
from datetime import datetime
from xml.etree import ElementTree as ET

from shared.i18n import LANGUAGES
from shared.times import utc_text

MOST_PAGES = 50_000
"""As many as one such list may hold."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


def sitemap(base_url: str, pages: Iterable[tuple[str, datetime | None]]) -> bytes:
    """The document for pages by their path, with the moment (aware) of their last change where it is known."""
    root = ET.Element("urlset", {"xmlns": _NAMESPACE, "xmlns:xhtml": _XHTML})
    for path, changed_at in pages:
        address = f"{base_url}{path}"
        page = ET.SubElement(root, "url")
        ET.SubElement(page, "loc").text = address
        if changed_at:
            ET.SubElement(page, "lastmod").text = utc_text(changed_at)
        for language, query in (*((each, f"?lang={each}") for each in LANGUAGES), ("x-default", "")):
            ET.SubElement(page, "xhtml:link", {"rel": "alternate", "hreflang": language, "href": address + query})
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root)

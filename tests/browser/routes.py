"""Which pages there are: what the three services' own tables of routes say."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter
from werkzeug.routing.exceptions import RequestRedirect

from deploy.assembly import assemble

FOR_PROGRAMS = re.compile(r"/v1/(?!docs)|/health/|/metrics$")
"""Addresses of the APIs, and of those who keep Kring running."""

FILE = re.compile(r"\.(\w+|<any\(.*)$|^(/\w+)?/static/|^/files/|/file$")
"""Addresses that end like a file's, or stand for one: a browser saves it, or a page loads it."""


class Routes:
    """The routes of all three services."""

    def __init__(self, folder: Path) -> None:
        assembly = assemble({"KRING_DATA": str(folder)})
        self.maps = {service.prefix: service.app.url_map for service in assembly.services}
        for service in assembly.services:
            service.database.engine.dispose()

    def pages(self) -> set[str]:
        """Every rule that a browser may be sent to and shown: no file, and nothing for programs."""
        return {rule for rule in self._answering_get() if not _is_no_page(rule)}

    def no_pages(self) -> set[str]:
        """The addresses of the others, where they need no example of anything."""
        return {rule for rule in self._answering_get() if _is_no_page(rule) and "<" not in rule}

    def page_at(self, path: str) -> str:
        """What stands at this path: the same behind each link with a token, behind one's own, and in each service."""
        for rule in self.rules("GET", [path]):
            if rule.endswith("/<token>"):
                path = path.rpartition("/")[0]
        return re.sub(r"^/(registration|notifications)(?=/(?:problems|privacy))|/mine/r/[^/]+(?=/meetings/)", "", path)

    def _answering_get(self) -> Iterator[str]:
        rules = (rule for each in self.maps.values() for rule in each.iter_rules())
        return (rule.rule for rule in rules if "GET" in (rule.methods or ()))

    def rules(self, method: str, paths: Iterable[str]) -> Iterator[str]:
        """The rules behind these paths; one without a rule is not found on purpose."""
        for path in paths:
            prefix = next((each for each in self.maps if each and path.startswith(each)), "")
            yield from _rule(self.maps[prefix].bind("127.0.0.1"), method, path)


def _is_no_page(rule: str) -> bool:
    return any(kind.search(rule) for kind in (FOR_PROGRAMS, FILE))


def _rule(bound: MapAdapter, method: str, path: str) -> Iterator[str]:
    try:
        yield bound.match(path, method, return_rule=True)[0].rule
    except RequestRedirect as redirect:
        yield from _rule(bound, method, redirect.new_url.partition("127.0.0.1")[2])
    except HTTPException:
        return

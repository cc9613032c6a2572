"""``links check``."""

from collections.abc import Callable

import click

from services.catalog.actions.note_link import forget_links, note_link
from services.catalog.forms.links import mentions
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.links import fault_of
from shared.db.transaction import Database
from shared.web.fetching import Fetcher, FetchError

_HELP = """Look whether the links in knowledge, texts and documents still lead somewhere.

Editors see what was found; a page that names a link says the day on which it was last there. Only public sites are
asked, one after the other, each for some seconds at most.
"""


def links(open_database: Callable[[], tuple[Database, Addresses]], fetcher: Fetcher) -> click.Group:
    """``links check``; ``open_database`` is called when a command runs."""
    group = click.Group("links", help="The links to other sites.")

    @group.command("check", help=_HELP)
    def check() -> None:
        database, _ = open_database()
        with database.reading() as session:
            urls = list(mentions(session))
        broken: list[str] = []
        with click.progressbar(urls, label="links") as shown:
            for url in shown:
                status, fault = _look(fetcher, url)
                with database.begin() as tx:
                    note_link(tx, url, status, fault)
                broken += [f"{url}: {status or fault}"] if fault else []
        with database.begin() as tx:
            forget_links(tx, urls)
        for sentence in broken:
            click.echo(sentence, err=True)
        click.echo(f"{len(urls)} links looked at, {len(broken)} need a look")

    return group


def _look(fetcher: Fetcher, url: str) -> tuple[int, str]:
    """The status that ``url`` answers (0: none) and what is wrong with it. Who does not like HEAD is asked again."""
    try:
        status = fetcher.fetch(url, method="HEAD").status
        if fault_of(status):
            status = fetcher.fetch(url).status
    except FetchError as error:
        return 0, error.code
    return status, fault_of(status)

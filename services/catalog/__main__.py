"""``python -m services.catalog …``: web, worker, migrate, replay, parked, and catalog's own verbs."""

from services.catalog.app import MIGRATIONS, NAME, build_from_env, kept_days, open_database
from services.catalog.commands.links import links
from services.catalog.commands.meetings import meetings
from services.catalog.commands.organisations import organisations
from shared.commands import command_group
from shared.web.fetching import Fetcher

if __name__ == "__main__":
    group = command_group(NAME, build_from_env, MIGRATIONS)
    group.add_command(meetings(open_database, kept_days))
    group.add_command(organisations(open_database))
    group.add_command(links(open_database, Fetcher()))
    group()

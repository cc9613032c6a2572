"""``python -m services.catalog …``: web, worker, migrate, replay, parked, and catalog's own verbs."""

from services.catalog.app import MIGRATIONS, NAME, build_from_env, kept_days, open_database
from services.catalog.commands.links import links
from services.catalog.commands.meetings import meetings
from services.catalog.commands.organisations import organisations
from services.catalog.commands.records import record_command
from shared.commands import command_group
from shared.web.fetching import Fetcher

if __name__ == "__main__":
    group = command_group(NAME, build_from_env, MIGRATIONS)
    of_meetings = meetings(open_database, kept_days)
    of_meetings.add_command(record_command(lambda: open_database()[0]))
    group.add_command(of_meetings)
    group.add_command(organisations(open_database))
    group.add_command(links(open_database, Fetcher()))
    group()

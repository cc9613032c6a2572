"""What the tables of notifications stand on: one metadata, the event flow, and how long things are kept."""

from sqlalchemy import ColumnElement, literal_column

from shared.db.base import flow_tables, grant_table, limit_table, new_metadata
from shared.i18n import N_

metadata = new_metadata()
flow = flow_tables(metadata)
grants = grant_table(metadata)
limits = limit_table(metadata)

LIVE: ColumnElement[str] = literal_column("'live'")
WAITING: ColumnElement[str] = literal_column("'waiting'")
SENDING: ColumnElement[str] = literal_column("'sending'")
"""As a statement that runs often says them: with a parameter in its place SQLite plans it anew each time, in case an
index of only such rows would do, and that takes twenty times as long as the statement.
"""

MEETING_KEPT = N_("until %(attendees)s after the meeting, unless it says otherwise")
MAIL_KEPT = "%(mail)s"
SUBSCRIBED = N_("until the person unsubscribes")

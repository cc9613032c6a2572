"""What the tables of registration stand on: one metadata, the event flow, and how long things are kept."""

from shared.db.base import flow_tables, grant_table, limit_table, new_metadata
from shared.i18n import N_

metadata = new_metadata()
flow = flow_tables(metadata)
grants = grant_table(metadata)
limits = limit_table(metadata)

MEETING_KEEP = N_("until %(attendees)s after the meeting, unless it says otherwise")
SIGN_UP_KEEP = N_("until %(attendees)s after the meeting, unless it says otherwise; %(leftovers)s of who had no seat")
NEEDS_KEEP = N_("%(needs)s after the meeting")

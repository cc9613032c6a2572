"""What the tables of registration stand on: one metadata, the event flow, and how long things are kept."""

from shared.db.base import flow_tables, grant_table, limit_table, new_metadata
from shared.i18n import N_

metadata = new_metadata()
flow = flow_tables(metadata)
grants = grant_table(metadata)
limits = limit_table(metadata)

MEETING_KEEP = N_("until 60 days after the meeting, unless it says otherwise")
SIGN_UP_KEEP = N_("until 60 days after the meeting, unless it says otherwise; 7 days of who had no seat")
NEEDS_KEEP = N_("7 days after the meeting")

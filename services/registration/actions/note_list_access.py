"""Write down who saw or took a list of people, and what for."""

from collections.abc import Sequence

from services.registration.rules.purposes import Purpose
from shared.db.audit import note
from shared.db.transaction import Transaction

READ = "attendees.read"
"""What the audit log calls it."""


def note_list_access(  # noqa: PLR0913  # the facts of one entry
    tx: Transaction, meeting_id: str, *, by: str, purpose: Purpose, form: str, groups: Sequence[str], people: int
) -> None:
    """Add an entry to the audit log. ``by`` is a person's id, a delivery's, or ``operator`` for a command."""
    facts = {"purpose": purpose, "form": form, "groups": list(groups), "people": people}
    note(tx, READ, by=by, thing=meeting_id, meeting_id=meeting_id, facts=facts)

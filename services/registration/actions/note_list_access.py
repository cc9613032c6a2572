"""Write down who saw or took a list of people, and what for."""

from collections.abc import Sequence

from services.registration.rules.purposes import Purpose
from services.registration.tables import list_access
from shared.db.transaction import Transaction


def note_list_access(  # noqa: PLR0913  # the facts of one line
    tx: Transaction, meeting_id: str, *, by: str, purpose: Purpose, form: str, groups: Sequence[str], people: int
) -> None:
    """Add a line that nobody edits. ``by`` is a person's id, or ``operator`` for a command."""
    tx.session.execute(
        list_access.insert().values(
            at=tx.now,
            by=by,
            meeting_id=meeting_id,
            purpose=purpose,
            form=form,
            target_groups=list(groups),
            people=people,
        )
    )

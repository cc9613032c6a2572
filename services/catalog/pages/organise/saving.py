"""A large file is saved by itself, a part at a time, so that nobody waits for it: how far it is stands on its page.

What is begun goes on without whoever began it, with the rights they had then, and is found again among their files.
"""

from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Row

from services.catalog.actions.import_meetings import import_meetings
from services.catalog.actions.keep_upload import note_part, note_saved
from services.catalog.forms.imports import proposals
from services.catalog.forms.uploads import as_meetings, as_taken
from services.catalog.queries import imports as queries
from services.catalog.rules.addresses import Addresses
from shared.db.due import plan
from shared.db.transaction import Transaction
from shared.people.roles import Actor

SAVE_UPLOAD: Final = "save-upload"
"""What the work is called that is due then."""

AT_ONCE: Final = 200
"""So many entries are saved while somebody waits; of a larger file, so many in a transaction of their own."""


def is_being_saved(upload: Row[Any]) -> bool:
    """Whether the file in this row of ``upload`` is being saved in parts."""
    return "actor" in upload.content


def begin_saving(tx: Transaction, upload_id: str, actor: Actor) -> None:
    """Let this file be saved as ``actor``; twice is once, also in the same moment."""
    upload = queries.unsaved_upload(tx.session, upload_id)
    if upload is None or is_being_saved(upload):
        return
    begun = {"actor": asdict(actor), "total": len(upload.content["entries"]), "taken": []}
    note_part(tx, upload_id, {**upload.content, **begun})
    plan(tx, SAVE_UPLOAD, upload_id, tx.now)


def save_part(tx: Transaction, upload_id: str, addresses: Addresses, kept_days: int) -> None:
    """Save the next entries, and plan the rest. Due work; ``kept_days``: how long who was at a meeting is kept."""
    upload = queries.unsaved_upload(tx.session, upload_id)
    if upload is None:
        return
    content = upload.content
    part = as_meetings(upload.source, {**content, "entries": content["entries"][:AT_ONCE]})
    queries.lock_entries(tx.session, upload.owner, part.uids)
    bounds = {name: tuple(content["actor"].get(name, ())) for name in ("regions", "former_regions", "scopes")}
    actor = Actor(**{**content["actor"], **bounds})
    proposed = proposals(tx.session, actor, upload.owner, part.candidates, kept_days)
    taken = import_meetings(tx, proposed, upload.owner, upload.source, addresses)
    so_far = [*content["taken"], *as_taken(taken)["taken"]]
    rest = content["entries"][AT_ONCE:]
    if rest:
        note_part(tx, upload_id, {**content, "entries": rest, "taken": so_far})
        plan(tx, SAVE_UPLOAD, upload_id, tx.now)
    else:
        note_saved(tx, upload_id, {"taken": so_far})

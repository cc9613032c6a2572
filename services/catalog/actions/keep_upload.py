"""A file is kept between its preview and its saving, and its result a while longer; after a day it is gone."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, update

from services.catalog import tables
from shared.db.due import plan
from shared.db.transaction import Transaction, new_id

KEPT: Final = timedelta(days=1)

FORGET_UPLOAD: Final = "forget-upload"
"""What the work is called that is due then."""


def keep_upload(tx: Transaction, owner: str, source: str, name: str, content: Mapping[str, Any]) -> str:
    """Keep what ``owner`` handed in; gives its id. ``name`` is what people call the file or address."""
    id_ = new_id()
    row = {"id": id_, "owner": owner, "source": source, "name": name, "at": tx.now, "saved_at": None}
    tx.upsert(tables.upload, [{**row, "content": content}])
    plan(tx, FORGET_UPLOAD, id_, tx.now + KEPT)
    return id_


def note_part(tx: Transaction, upload_id: str, content: Mapping[str, Any]) -> None:
    """Keep what is left of it, and what became of the rest so far."""
    uploads = tables.upload
    tx.session.execute(update(uploads).where(uploads.c.id == upload_id).values(content=content))


def note_saved(tx: Transaction, upload_id: str, content: Mapping[str, Any]) -> None:
    """Keep what became of it in place of what it held."""
    uploads = tables.upload
    statement = update(uploads).where(uploads.c.id == upload_id)
    tx.session.execute(statement.values(saved_at=tx.now, content=content))


def drop_upload(tx: Transaction, upload_id: str) -> None:
    """Due work: forget it."""
    tx.session.execute(delete(tables.upload).where(tables.upload.c.id == upload_id))

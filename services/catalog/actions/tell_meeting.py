"""Tell the other services all about a meeting: facts, not differences."""

from dataclasses import fields

from services.catalog import queries
from services.catalog.queries.files import files_for
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.files import AttachedFile
from services.catalog.rules.meeting import Meeting
from shared.db.transaction import Transaction
from shared.events import catalog
from shared.events.catalog import Document, MeetingChanged

_ALL_IN_ONE = {"nl": "Alles in één bestand", "en": "Everything in one file"}


def facts_of(tx: Transaction, meeting: Meeting, addresses: Addresses) -> catalog.Meeting:
    """The full public and organiser facts of a meeting that was published, labels included."""
    same = {each.name for each in fields(catalog.Meeting)} & {each.name for each in fields(Meeting)}
    values = {name: getattr(meeting, name) for name in same}
    for_all = files_for(tx.session, meeting, {"all"}, tx.now)
    for_some = files_for(tx.session, meeting, {"participants"}, tx.now)
    told = {
        "documents": (
            *meeting.documents,
            *(Document(title=file.title, url=addresses.file(file.id)) for file in for_all),
        ),
        "participant_documents": _for_participants(meeting, for_some, addresses),
    }
    return catalog.Meeting(**values | queries.words_of(tx.session, meeting) | told, url=addresses.meeting(meeting.slug))


def tell_files(tx: Transaction, meeting: Meeting, addresses: Addresses) -> None:
    """Tell that the files of ``meeting``, read under its lock in this transaction, are others than before.

    Of a draft nobody hears, and who was told that a meeting is called off need not hear of its files.
    """
    if meeting.status in {"published", "held"}:
        tx.publish(MeetingChanged(meeting=facts_of(tx, meeting, addresses), changed=("afterwards",)))


def _for_participants(meeting: Meeting, files: list[AttachedFile], addresses: Addresses) -> tuple[Document, ...]:
    each = [Document(title=file.title, url=addresses.file_for_participants(file.id)) for file in files]
    if len(each) > 1:
        each.append(Document(title=_ALL_IN_ONE, url=addresses.archive_for_participants(meeting.id)))
    return tuple(each)

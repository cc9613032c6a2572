"""Files of somebody else's meetings, and what would become of each entry: the same for page, API and command."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

from marshmallow import fields
from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.forms.columns import document_of_row, is_column
from services.catalog.forms.details import read_details
from services.catalog.forms.sheets import Sheet, read_csv, read_xlsx
from services.catalog.queries.imports import known_entries
from services.catalog.rules.document import document_of
from services.catalog.rules.filters import Vocabulary
from services.catalog.rules.flaws import Flaw, FlawedError
from services.catalog.rules.imports import (
    Candidate,
    Imported,
    KeptAsItIsError,
    Proposal,
    difference,
    require_draft,
    says_anything_new,
)
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.reach import regions_of, thing_of
from shared.calendar.foreign import ForeignEntry, Occurrence
from shared.calendar.importing import read_calendar
from shared.calendar.remarks import Remark
from shared.calendar.stream import MOST_BYTES
from shared.i18n import N_
from shared.people.roles import Actor, Thing, may
from shared.web.fetching import Fetcher, FetchError
from shared.web.fields import Form
from shared.web.reading import merge_patch

CALENDAR, CSV, XLSX = (
    "text/calendar",
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
MEDIA_TYPES: Final = (CALENDAR, CSV, XLSX)

OUTSIDE: Final = "https://"
"""How an address begins from which meetings may come."""

_ZIP = b"PK\x03\x04"


class ImportForm(Form):
    """Where meetings are to come from: a file, which stands beside it, or an address."""

    address = fields.String(load_default="")


class ImportedAnswer(Form):
    """What became of one entry."""

    uid = fields.String()
    occurrence = fields.String(metadata={"description": "Of a recurring entry: which time of it, in UTC; else empty."})
    result = fields.String(metadata={"enum": ["made", "updated", "unchanged", "skipped"]})
    why = fields.String(allow_none=True, metadata={"description": N_("Why it was skipped, or what to look at.")})
    meeting_id = fields.String(allow_none=True)


class VanishedAnswer(Form):
    """What came from the same calendar before, is still to come, and is not in it any more; it was left alone."""

    uid = fields.String()
    meeting_id = fields.String()


class ImportAnswer(Form):
    """What became of a file."""

    entries = fields.List(fields.Nested(ImportedAnswer))
    vanished = fields.List(fields.Nested(VanishedAnswer))
    warnings = fields.List(
        fields.String(), metadata={"description": N_("What there is to say of the file as a whole.")}
    )


@dataclass(frozen=True)
class Meetings:
    """What a file holds: the ``name`` that it gives itself (may be empty), its entries, what to say of all of it."""

    name: str
    candidates: tuple[Candidate, ...]
    notes: tuple[Flaw, ...] = ()

    @property
    def uids(self) -> set[str]:
        """The UIDs of its entries."""
        return {candidate.uid for candidate in self.candidates}

    @property
    def keys(self) -> set[tuple[str, str]]:
        """What tells its entries from others."""
        return {candidate.key for candidate in self.candidates}


def fetched(fetcher: Fetcher, address: str) -> bytes:
    """What stands at an https address. Raises ``FetchError``."""
    if not address.lower().startswith(OUTSIDE):
        raise FetchError("not-https", N_("Give the address of a calendar, beginning with https://."))
    found = fetcher.fetch(address, largest=MOST_BYTES)
    if found.status != HTTPStatus.OK or not found.url.lower().startswith(OUTSIDE):
        raise FetchError("not-found", N_("Nothing could be fetched from this address. Does it open in a browser?"))
    return found.body


def kind_of(source: bytes) -> str:
    """The media type of a file, by how it begins."""
    if source.startswith(_ZIP):
        return XLSX
    begins = source[:200].removeprefix(b"\xef\xbb\xbf").lstrip().upper()
    return CALENDAR if begins.startswith(b"BEGIN:VCALENDAR") else CSV


def read_meetings(source: bytes, kind: str, now: datetime) -> Meetings:
    """The meetings in a file of one of ``MEDIA_TYPES``. Raises ``RefusedFileError``."""
    if kind == CALENDAR:
        file = read_calendar(source, now)
        return Meetings(file.name, tuple(_each_once(_of_entries(file.entries))), _flaws(file.remarks))
    sheet = read_xlsx(source) if kind == XLSX else read_csv(source)
    unknown = [_unknown_column(name) for name in sheet.columns if name and not is_column(name)]
    return Meetings("", tuple(_each_once(_of_rows(sheet))), (*_flaws(sheet.remarks), *unknown))


def proposals(
    session: Session, actor: Actor, owner: str, candidates: Sequence[Candidate], kept_days: int
) -> list[Proposal]:
    """What would become of each candidate, if ``actor`` took them over now.

    ``kept_days`` is how long who was at a new meeting is kept.
    """
    known = known_entries(session, owner, {candidate.uid for candidate in candidates})
    changed = [known[each.key].meeting_id for each in candidates if _is_changed(each, known)]
    asked = _Asked(actor, queries.vocabulary(session), known, queries.meetings_by_id(session, changed), kept_days)
    return [asked.proposal(each) for each in candidates]


def _is_changed(candidate: Candidate, known: Mapping[tuple[str, str], Imported]) -> bool:
    return candidate.key in known and candidate.document != known[candidate.key].document


@dataclass(frozen=True)
class _Asked:
    """Who asks, and all that must be known to answer."""

    actor: Actor
    vocabulary: Vocabulary
    known: Mapping[tuple[str, str], Imported]
    meetings: Mapping[str, Meeting]
    kept_days: int

    def proposal(self, candidate: Candidate) -> Proposal:
        known = self.known.get(candidate.key)
        meeting_id = known.meeting_id if known else None
        if candidate.refused:
            return Proposal(candidate, "skipped", candidate.refused, meeting_id=meeting_id)
        try:
            if known is None:
                return self._to_make(candidate)
            if not says_anything_new(candidate, known):
                return Proposal(candidate, "unchanged", meeting_id=meeting_id)
            return self._to_update(candidate, known)
        except KeptAsItIsError as error:
            return Proposal(candidate, "skipped", (error.flaw,), meeting_id=meeting_id)
        except FlawedError as error:
            return Proposal(candidate, "skipped", error.flaws, meeting_id=meeting_id)

    def _to_make(self, candidate: Candidate) -> Proposal:
        details = read_details(candidate.document, self.vocabulary, self.kept_days)
        details = replace(details, regions=regions_of(self.actor, details))
        if not may(self.actor, "meeting.draft", Thing(details.regions)):
            return Proposal(candidate, "skipped", (_not_yours(),))
        return Proposal(candidate, "made", candidate.notes, details)

    def _to_update(self, candidate: Candidate, known: Imported) -> Proposal:
        """What is different there is changed here; what an organiser changed here besides stays."""
        meeting = self.meetings[known.meeting_id]
        require_draft(meeting)
        patch = difference(known.document, candidate.document)
        details = read_details(merge_patch(document_of(meeting), patch), self.vocabulary, meeting.retention_days)
        if not all(may(self.actor, "meeting.change", thing) for thing in (thing_of(meeting), Thing(details.regions))):
            return Proposal(candidate, "skipped", (_not_yours(),), meeting_id=meeting.id)
        return Proposal(candidate, "updated", candidate.notes, details, meeting.id)


def _not_yours() -> Flaw:
    return Flaw("", "not-your-region", N_("It is for a region in which you do not organise."))


def _of_entries(entries: Iterable[ForeignEntry]) -> Iterator[Candidate]:
    for entry in entries:
        if entry.refused or entry.is_called_off:
            refused = entry.refused or Remark("called-off", N_("It was called off there."))
            yield Candidate(uid=entry.uid, label=entry.title or entry.uid, document={}, refused=_flaws([refused]))
            continue
        for occurrence in entry.occurrences:
            document = _document(entry, occurrence)
            yield Candidate(
                uid=entry.uid or _fingerprint(document),
                label=entry.title,
                occurrence=occurrence.id,
                sequence=entry.sequence,
                document=document,
                notes=_flaws(entry.remarks),
            )


def _document(entry: ForeignEntry, occurrence: Occurrence) -> dict[str, Any]:
    """A link is where people take part online: it must not be shown to everyone as the name of a place."""
    document: dict[str, Any] = {
        "title": {"nl": entry.title},
        "startsAt": occurrence.starts_at.isoformat(),
        "endsAt": occurrence.ends_at.isoformat(),
        "timeZone": entry.time_zone,
    }
    if entry.description:
        document["description"] = {"nl": entry.description}
    if entry.location.lower().startswith(("https://", "http://")) and " " not in entry.location:
        document |= {"onlineUrl": entry.location, "attendanceMode": "online"}
    elif entry.location:
        document["venue"] = {"name": entry.location}
    return document


def _of_rows(sheet: Sheet) -> Iterator[Candidate]:
    for number, row in sheet.rows:
        document = document_of_row(row)
        title = row.get("title.nl") or row.get("title.en")
        yield Candidate(
            uid=row.get("uid", "")[:255] or _fingerprint(document),
            label=f"{number}. {title}" if title else f"{number}.",
            document=document,
        )


def _unknown_column(name: str) -> Flaw:
    reason = N_("There is no column %(name)s; it was left out.")
    return Flaw("", "unknown-column", reason, {"name": repr(name[:100])})


def _fingerprint(document: Mapping[str, Any]) -> str:
    """What tells a meeting without a UID from others: its title and its start."""
    said = json.dumps([document.get("title"), document.get("startsAt")], sort_keys=True)
    return sha256(said.encode()).hexdigest()[:32]


def _each_once(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """The same, where of several versions of one entry only the newest is to be taken."""
    listed = list(candidates)
    newest: dict[tuple[str, str], Candidate] = {}
    for each in listed:
        if not each.refused and (each.key not in newest or each.sequence > newest[each.key].sequence):
            newest[each.key] = each
    for each in listed:
        if each.refused or newest[each.key] is each:
            yield each
        else:
            twice = Flaw("", "twice", N_("The same file holds it once more, at least as new."))
            yield replace(each, document={}, refused=(twice,))


def _flaws(remarks: Iterable[Remark]) -> tuple[Flaw, ...]:
    return tuple(Flaw("", remark.code, remark.reason, remark.values) for remark in remarks)

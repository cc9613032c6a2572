"""One list, ready to be written in any form: taken for a purpose, and never without a note of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.note_list_access import note_list_access
from services.registration.lists.columns import Column, Form, columns_of
from services.registration.lists.rows import Attendee, attendees, catering, per_group, report
from services.registration.lists.words import group_words
from services.registration.queries.references import organisation_kinds
from services.registration.queries.seats import seats_of
from services.registration.rules.purposes import Purpose, sees_needs
from shared.db.transaction import Database
from shared.i18n import _
from shared.people.roles import Role


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asks which list: for what, in which form, of which target groups (none: all)."""

    by: str
    role: Role
    purpose: Purpose
    form: Form
    groups: Sequence[str] = ()


@dataclass(frozen=True)
class Part:
    """The list of everyone, or of one target group: its code (None: everyone), what it is called, and its rows."""

    group: str | None
    title: str
    rows: Sequence[Any]
    people: int


@dataclass(frozen=True)
class AttendeeList:
    """A list of one meeting: the same columns for everyone and for each target group."""

    meeting: Row[Any]
    asked: Asked
    columns: Sequence[Column]
    everyone: Part
    groups: Sequence[Part]

    @property
    def file_name(self) -> str:
        """What a file with it is called, without its ending."""
        purpose = [] if self.asked.purpose == "full" else [self.asked.purpose]
        return "-".join([self.meeting.slug, *self.asked.groups, *purpose])

    @property
    def parts(self) -> Sequence[Part]:
        """Everyone, then each target group; a list of one group has no more than that one."""
        return self.groups if len(self.asked.groups) == 1 and self.groups else [self.everyone, *self.groups]

    def documents(self) -> list[dict[str, Any]]:
        """The rows as JSON values."""
        return [{column.name: column.value(row) for column in self.columns} for row in self.everyone.rows]

    def on_screen(self) -> tuple[list[str], list[list[str]]]:
        """The titles and the rows for a screen, which is narrow: without the columns that say nothing of anyone."""
        rows = self.shown()
        saying = [number for number in range(len(self.columns)) if any(row[number] for row in rows)]
        return [self.columns[number].title for number in saying], [[row[each] for each in saying] for row in rows]

    def shown(self) -> list[list[str]]:
        """The rows as readers see them."""
        return [[column.shown(row) for column in self.columns] for row in self.everyone.rows]


def take_list(database: Database, meeting: Row[Any], asked: Asked) -> AttendeeList:
    """The list that is asked for; that it was taken is on record before anyone has it."""
    with database.reading() as session:
        taken = _list(session, meeting, asked)
    with database.begin() as tx:
        note_list_access(
            tx,
            meeting.id,
            by=asked.by,
            purpose=asked.purpose,
            form=asked.form,
            groups=asked.groups,
            people=taken.everyone.people,
        )
    return taken


def of_group(taken: AttendeeList, part: Part) -> AttendeeList:
    """The same list as a list of that part alone."""
    asked = replace(taken.asked, groups=[part.group] if part.group else taken.asked.groups)
    return replace(taken, asked=asked, everyone=part, groups=[part] if part.group else taken.groups)


def _list(session: Session, meeting: Row[Any], asked: Asked) -> AttendeeList:
    words = group_words(session, meeting)
    people = attendees(session, meeting.id, asked.groups)
    if asked.purpose == "participants":
        people = [attendee for attendee in people if attendee.listed]
    kinds = organisation_kinds(session) if asked.purpose == "report" else {}

    def rows(some: Iterable[Attendee]) -> Sequence[Any]:
        match asked.purpose:
            case "catering":
                return catering(some)
            case "report":
                return report(some, kinds)
            case _:
                return list(some)

    return AttendeeList(
        meeting,
        asked,
        columns_of(
            asked.purpose,
            asked.form,
            seats_of(meeting).terms,
            words,
            needs=sees_needs(asked.role, asked.purpose),
        ),
        Part(None, _("Everyone"), rows(people), len(people)),
        [
            Part(code, words.get(code, code), rows(members), len(members))
            for code, members in per_group(people, list(words)).items()
        ],
    )

"""Which columns a list has: they follow from what it is for, and personal ones go no further than that needs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Literal, TypeAlias

from services.registration.lists.words import (
    ANSWERS,
    ATTENDANCES,
    KINDS,
    ORGANISATION_KINDS,
    STATUSES,
    mail_words,
    spoken,
)
from services.registration.rules.purposes import Purpose
from shared.events.catalog import Question, RegistrationTerms
from shared.i18n import _, in_words

Form: TypeAlias = Literal["page", "json", "csv", "xlsx", "pdf", "badges"]
"""In what a list can be had."""

_PROGRAMS: frozenset[Form] = frozenset({"json"})
_SCREENS: frozenset[Form] = frozenset({"page", "csv", "xlsx"})
_NOT_PAPER: frozenset[Form] = _PROGRAMS | _SCREENS
_ALL: frozenset[Form] = _NOT_PAPER | {"pdf", "badges"}


@dataclass(frozen=True)
class Column:
    """One column: its ``name`` for programs, its ``title`` for readers, and the value of a row in it.

    ``words`` say what a value is called, where it is a code. ``forms`` are those in which the column stands: who signs
    a sheet of paper reads what stands there about everyone else.
    """

    name: str
    title: str
    value: Callable[[Any], Any]
    words: Mapping[str, str] = field(default_factory=dict)
    forms: frozenset[Form] = _NOT_PAPER

    def coded(self, row: Any) -> str:
        """The value as text for programs."""
        value = self.value(row)
        return "" if value is None else str(value)

    def shown(self, row: Any) -> str:
        """The value as readers see it."""
        text = self.coded(row)
        return self.words.get(text, text)


def columns_of(
    purpose: Purpose, form: Form, terms: RegistrationTerms, groups: Mapping[str, str], *, needs: bool
) -> list[Column]:
    """The columns of a list for ``purpose`` in ``form``, titled in the reader's language.

    ``groups`` are the words of the target groups; with ``needs`` the full list tells access needs and diet too.
    """
    made: Mapping[Purpose, Callable[[], list[Column]]] = {
        "full": lambda: _full(terms, groups, needs=needs),
        "door": lambda: _door(terms, groups),
        "catering": _catering,
        "reception": lambda: [_name(), _organisation()],
        "participants": lambda: [_name(), _organisation(), _group(groups)],
        "report": lambda: _report(groups),
    }
    return [column for column in made[purpose]() if form in column.forms]


def _full(terms: RegistrationTerms, groups: Mapping[str, str], *, needs: bool) -> list[Column]:
    columns = [
        _id(),
        _name(),
        Column("email", _("E-mail address"), attrgetter("email")),
        Column("delivery", "", attrgetter("delivery"), forms=_PROGRAMS),
        Column("mail", _("Mail"), lambda attendee: mail_words(attendee.mail_lost_since), forms=frozenset({"page"})),
        _organisation(),
        Column("organisationId", _("Official address"), attrgetter("organisation_id"), forms=_NOT_PAPER - {"page"}),
        _group(groups),
        _attendance(),
        _status(),
        Column("kind", _("Takes part as"), attrgetter("kind"), spoken(KINDS)),
        Column("answers", "", attrgetter("answers"), forms=_PROGRAMS),
        *(_question(question) for question in terms.questionnaire),
    ]
    if needs and terms.ask_access:
        columns.append(Column("access", _("Access needs"), attrgetter("access")))
    if needs and terms.ask_diet:
        columns.append(Column("diet", _("Diet"), attrgetter("diet")))
    return columns


def _door(terms: RegistrationTerms, groups: Mapping[str, str]) -> list[Column]:
    columns = [_id(), _name(), _organisation(), _group(groups), _attendance(), _status()]
    if terms.ask_phone:
        columns.append(Column("phone", _("Telephone number"), attrgetter("phone")))
    if terms.ask_access:
        columns.append(
            Column(
                "needsAccess",
                _("Needs access"),
                lambda attendee: "yes" if attendee.access else "no",
                spoken(ANSWERS),
            )
        )
    return columns


def _catering() -> list[Column]:
    subjects = {"attendance": _("Takes part"), "diet": _("Diet")}
    return [
        _counted(0, "subject", _("About"), subjects),
        _counted(1, "value", _("What"), spoken(ATTENDANCES)),
        _people(),
    ]


def _report(groups: Mapping[str, str]) -> list[Column]:
    return [
        _counted(0, "organisationKind", _("Kind of organisation"), spoken(ORGANISATION_KINDS)),
        _counted(1, "targetGroup", _("Role"), groups),
        _counted(2, "status", _("Status"), spoken(STATUSES)),
        _people(),
    ]


def _id() -> Column:
    return Column("id", "", attrgetter("id"), forms=_PROGRAMS)


def _name() -> Column:
    return Column("name", _("Name"), attrgetter("name"), forms=_ALL)


def _organisation() -> Column:
    return Column("organisation", _("Organisation"), attrgetter("organisation"), forms=_ALL)


def _group(groups: Mapping[str, str]) -> Column:
    return Column("targetGroup", _("Role"), attrgetter("target_group"), groups, _ALL)


def _attendance() -> Column:
    return Column("attendance", _("Takes part"), attrgetter("attendance"), spoken(ATTENDANCES))


def _status() -> Column:
    return Column("status", _("Status"), attrgetter("status"), spoken(STATUSES))


def _question(question: Question) -> Column:
    """A column per question; several answers stand in one cell."""

    def answer(attendee: Any) -> str:
        given: str | Sequence[str] = attendee.answers.get(question.id, "")
        return given if isinstance(given, str) else ", ".join(given)

    words = spoken(ANSWERS) if question.kind == "yes-no" else {}
    return Column(f"answers.{question.id}", in_words(question.label), answer, words, _SCREENS)


def _counted(position: int, name: str, title: str, words: Mapping[str, str]) -> Column:
    return Column(name, title, lambda count: count.values[position], words, _ALL)


def _people() -> Column:
    return Column("people", _("People"), attrgetter("people"), forms=_ALL)

"""How a registration stands, and what was done to it, in the reader's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row

from services.registration.lists.words import STATUSES
from services.registration.rules.questions import objections, value_of
from shared.events.catalog import Question
from shared.i18n import N_, Text, _, in_words
from shared.web import look

ACTS: Mapping[str, str] = {
    "sign-up": N_("Signed up"),
    "by-hand": N_("Signed up by the organiser"),
    "walk-in": N_("Came without having signed up"),
    "confirm": N_("Confirmed by mail"),
    "approve": N_("Approved"),
    "reject": N_("Turned down"),
    "offer": N_("Was offered a seat"),
    "accept": N_("Took the offered seat"),
    "decline": N_("Did not want the offered seat"),
    "expire": N_("Did not answer the offer in time"),
    "promote": N_("Got a seat from the waiting list"),
    "move-up": N_("Was given a seat by hand"),
    "change-group": N_("Got another role"),
    "change": N_("Details changed"),
    "note": N_("Note changed"),
    "attendance": N_("Takes part in another way"),
    "sessions": N_("Chose other parts of the programme"),
    "hand-over": N_("Seat handed over"),
    "cancel": N_("Signed off"),
    "switch": N_("Went to another meeting"),
    "transfer": N_("Seat offered to a colleague"),
    "withdraw": N_("Seat no longer offered to a colleague"),
    "check-in": N_("Noted as present"),
    "undo-check-in": N_("Noted as present by mistake"),
    "close-attendance": N_("Did not come"),
}
"""What can be done to a registration, as its history tells it."""


@dataclass(frozen=True)
class Past:
    """One thing that was done to a registration, in words."""

    at: datetime
    what: str
    status: str
    by: str
    reason: str


def status_words(status: str) -> str:
    """How a registration stands, as organisers read it."""
    return _(STATUSES[status])


def told(history: Sequence[Row[Any]], people: Mapping[str, str]) -> list[Past]:
    """What was done to a registration, the oldest first; ``people`` are organisers' addresses by id.

    Where an address is not to be seen, or known no more, the line says that it was the organiser.
    """
    return [
        Past(
            at=row.at,
            what=_(ACTS.get(row.act) or STATUSES[row.to_status]),
            status=status_words(row.to_status),
            by=people.get(row.by) or _by(row.cause),
            reason=Text(row.reason, "") if row.reason else "",
        )
        for row in history
    ]


def ending(last: Row[Any]) -> str:
    """Why someone does not take part any more, to themselves; ``last`` is what was done last."""
    match last.act, last.cause:
        case "hand-over", _:
            return _("You handed your seat over to a colleague.")
        case "switch", _:
            return _("You went to another meeting. The link for that one comes by mail.")
        case _, "participant":
            return _("You signed off.")
        case _, "reply":
            return _("You declined the invitation in your calendar.")
        case _, "organiser":
            return _("The organiser signed you off.")
        case _:
            return _("This registration has ended.")


def answers_told(questionnaire: Sequence[Question], group: str, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What someone of this target group answered: the question, and the answer.

    Whoever signed up by accepting an invitation may owe an answer to what is required; that is said.
    """
    missing = {id_ for id_, objection in objections(questionnaire, group, answers).items() if objection == "missing"}
    return [
        (
            in_words(question.label),
            _answer(question, answers[question.id]) if question.id in answers else _("not answered yet"),
        )
        for question in questionnaire
        if question.id in answers or question.id in missing
    ]


def _answer(question: Question, answer: Any) -> Markup | str:
    """An option is kept by its first words, and read in the reader's language."""
    if question.kind == "yes-no":
        return _("yes") if answer == "yes" else _("no")
    if question.kind == "text":
        return Text(answer, "")
    options = {value_of(option): look.told(option) for option in question.options}
    given: list[str] = answer if isinstance(answer, list) else [answer]
    return Markup(", ").join(options.get(each, each) for each in given)


def _by(cause: str) -> str:
    match cause:
        case "participant" | "reply":
            return _("the person")
        case "organiser":
            return _("the organiser")
        case _:
            return _("by itself")

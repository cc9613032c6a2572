"""Tell a person what is new for them: by the mail that changes their calendar, else by a plain one."""

from dataclasses import replace
from typing import Any, Literal

from sqlalchemy import Row, Select, bindparam, select, update

from services.notifications import tables
from services.notifications.actions.align_invitation import align_invitation
from services.notifications.actions.queue_mail import Mail, overtake_news, overtake_reminders, queue_mail
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.desired import News, is_counted, is_over, news
from shared.db.transaction import Transaction
from shared.events.catalog import Meeting
from shared.events.registration import Registration

_registration, _preference = tables.registration, tables.preference
_LOCKED: Select[Any] = (
    select(_registration.c.news, _registration.c.tellings, _preference.c.language)
    .outerjoin(_preference, _preference.c.fingerprint == bindparam("fingerprint"))
    .where(_registration.c.id == bindparam("id"))
    .with_for_update(of=_registration)
)
_REMEMBERED = (
    update(_registration)
    .where(_registration.c.id == bindparam("registration"))
    .values(news=bindparam("truth"), tellings=bindparam("times"))
)
_TOLD_BY_INVITATION = {"confirmed", "offered"}
_TAKES_BACK = {"declined", "expired", "cancelled", "called_off"}


def tell_news(
    tx: Transaction, ours: OurAddresses, meeting: Meeting, registration: Registration, reason: str = ""
) -> None:
    """Compare what this person should know with what they were told, and queue the difference.

    ``reason`` is why an organiser decided so, or changed the meeting. Nothing goes to somebody without a mail address,
    nothing about who came, and nothing after the meeting.
    """
    if is_over(meeting, tx.now) or is_counted(registration) or registration.person.email is None:
        return
    known = _lock(tx, ours, registration)
    if known.language:
        registration = replace(registration, person=replace(registration.person, language=known.language))
    truth = news(meeting, registration)
    is_new = truth not in (None, known.news)
    if is_new and known.tellings:  # for whom was told nothing, nothing waits
        overtake_news(tx, registration.id)
    aligned = align_invitation(tx, ours, meeting, registration, reason)
    if aligned == "queued" and not is_new:
        overtake_reminders(tx, registration.id)
    if truth is None or not is_new:
        return
    if aligned == "answered" and truth == "confirmed":
        queue_mail(tx, ours, _plain(registration, "accepted", known.tellings, reason))
    elif aligned != "queued" and _needs_words(truth, known.news):
        queue_mail(tx, ours, _plain(registration, truth, known.tellings, reason))
    _remember(tx, registration.id, truth, known.tellings + 1)


def _lock(tx: Transaction, ours: OurAddresses, registration: Registration) -> Row[Any]:
    """What was last told about this registration, and the language that its address chose, if it did.

    Nobody else tells anything about it until we are done.
    """
    fingerprint = ours.fingerprint(registration.person.email or "")
    return tx.session.execute(_LOCKED, {"id": registration.id, "fingerprint": fingerprint}).one()


def _needs_words(truth: News, before: str | None) -> bool:
    """A seat is told by an invitation; and who was told nothing has nothing taken back."""
    return truth not in _TOLD_BY_INVITATION and (before is not None or truth not in _TAKES_BACK)


def _plain(registration: Registration, kind: News | Literal["accepted"], tellings: int, reason: str) -> Mail:
    """Words alone; ``accepted`` is a seat that the person took in their calendar (rule 17)."""
    person = registration.person
    return Mail(
        key=f"{kind}/{registration.id}/{tellings}",
        kind=kind,
        recipient=person.email or "",
        recipient_name=person.name,
        language=person.language,
        meeting_id=registration.meeting_id,
        registration_id=registration.id,
        about={"cause": registration.cause, "reason": reason, "post": registration.series_post},
    )


def _remember(tx: Transaction, registration_id: str, truth: News, tellings: int) -> None:
    tx.session.execute(_REMEMBERED, {"registration": registration_id, "truth": truth, "times": tellings})

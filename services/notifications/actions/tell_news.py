"""Tell a person what is new for them: by the mail that changes their calendar, else by a plain one."""

from typing import Literal, NamedTuple

from sqlalchemy import bindparam, update

from services.notifications import tables
from services.notifications.actions.align_invitation import align_invitation
from services.notifications.actions.queue_mail import Mail, overtake_news, overtake_reminders, queue_mail
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.desired import News, is_counted, is_over, news
from shared.db.transaction import Transaction
from shared.events.catalog import Meeting
from shared.events.registration import Registration

_registration = tables.registration
_REMEMBERED = (
    update(_registration)
    .where(_registration.c.id == bindparam("registration"))
    .values(news=bindparam("truth"), tellings=bindparam("times"))
)
_TOLD_BY_INVITATION = {"confirmed", "offered"}
_TAKES_BACK = {"declined", "expired", "cancelled", "called_off"}


class Telling(NamedTuple):
    """What was last told about a registration, and how often there was news."""

    news: str | None
    tellings: int


UNTOLD = Telling(None, 0)


def tell_news(  # noqa: PLR0913  # the facts, what was told of them, and why they are as they are
    tx: Transaction,
    ours: OurAddresses,
    meeting: Meeting,
    registration: Registration,
    told: Telling,
    *,
    reason: str = "",
) -> Telling:
    """Compare what this person should know with what they were ``told``, queue the difference; gives what is told then.

    ``registration`` is in the language that the person is written to in, and its row is locked if there is one;
    ``reason`` is why an organiser decided so, or changed the meeting. Nothing goes to somebody without a mail address,
    nothing about who came, and nothing after the meeting.
    """
    if is_over(meeting, tx.now) or is_counted(registration) or registration.person.email is None:
        return told
    truth = news(meeting, registration)
    is_new = truth not in (None, told.news)
    if is_new and told.tellings:  # for whom was told nothing, nothing waits
        overtake_news(tx, registration.id)
    aligned = align_invitation(tx, ours, meeting, registration, reason)
    if aligned == "queued" and not is_new:
        overtake_reminders(tx, registration.id)
    if truth is None or not is_new:
        return told
    if aligned == "answered" and truth == "confirmed":
        queue_mail(tx, ours, _plain(registration, "accepted", told.tellings, reason))
    elif aligned != "queued" and _needs_words(truth, told.news):
        queue_mail(tx, ours, _plain(registration, truth, told.tellings, reason))
    return Telling(truth, told.tellings + 1)


def remember(tx: Transaction, registration_id: str, told: Telling) -> None:
    """Write down what was told about a registration that is kept already."""
    tx.session.execute(_REMEMBERED, {"registration": registration_id, "truth": told.news, "times": told.tellings})


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

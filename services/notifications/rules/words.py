"""What a calendar holds, in a reader's words: what the templates of mails and entries may say of it."""

from dataclasses import dataclass

from services.notifications.rules.desired import Choice, Holding
from shared.i18n import Language
from shared.i18n.moments import clock_text, deadline_text, hours_text, span_text


@dataclass(frozen=True)
class Chosen:
    """A part of the programme: its title, time and room on one line; ``waits`` at ``place``, or has a seat there."""

    text: str
    waits: bool
    place: int | None


@dataclass(frozen=True)
class Words:
    """What a meeting is, when and where, and until when a seat there is offered (empty: it is not)."""

    title: str
    when: str
    where: str
    online_url: str
    deadline: str = ""
    choices: tuple[Chosen, ...] = ()


def words(holding: Holding, language: Language) -> Words:
    """What a calendar holds; a place that is nothing but the link is not said twice."""
    zone = holding.time_zone
    return Words(
        title=holding.title,
        when=span_text(holding.starts_at, holding.ends_at, language, zone),
        where="" if holding.location == holding.online_url else holding.location,
        online_url=holding.online_url,
        deadline=deadline_text(holding.offer_until, language, zone) if holding.offer_until else "",
        choices=tuple(_chosen(choice, language, zone) for choice in holding.choices),
    )


def _chosen(choice: Choice, language: Language, zone: str) -> Chosen:
    text = ", ".join(filter(None, (choice.title, _hours(choice, language, zone), choice.room)))
    return Chosen(text, choice.waits, choice.place)


def _hours(choice: Choice, language: Language, zone: str) -> str:
    if choice.starts_at is None:
        return ""
    if choice.ends_at is None:
        return clock_text(choice.starts_at, language, zone)
    return hours_text(choice.starts_at, choice.ends_at, language, zone)

"""What a mail may say of a talk for two: to each of them about the other, and no address before both agreed."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.queries.mails import talk_in
from services.notifications.rules.desired import in_language
from services.notifications.rules.sparring import other, partner, side_of
from services.notifications.rules.wording import paragraphs
from shared.i18n import Language
from shared.i18n.moments import moment_text


def facts_of_sparring(session: Session, mail: Any) -> dict[str, Any]:
    """What the templates may say of it; of any other mail that it is about no talk."""
    talk = talk_in(mail)
    side = side_of(talk, mail.recipient) if talk else None
    if talk is None or side is None:
        return {"partner": ""}
    language: Language = mail.language
    they = partner(talk, other(side))
    facts = {
        "partner": they.name,
        "partner_is": ", ".join(filter(None, (they.organisation, _role(session, they.target_group, language)))),
        "partner_email": they.email if talk.status == "agreed" else "",
        "times": tuple(moment_text(each, language) for each in talk.times),
        "minutes": talk.minutes,
        "where": talk.place or talk.online_url,
        "is_agreed": talk.status == "agreed",
    }
    return facts if "words" in mail.about else {**facts, "words": paragraphs(talk.words)}


def _role(session: Session, code: str, language: Language) -> str:
    words = tables.reference.c
    labels = session.scalar(select(words.labels).where(words.kind == "target-group", words.code == code))
    return in_language(labels or {}, language)

"""What fills the blanks of a mail: its reader's name, and the links that are signed for them alone."""

from datetime import datetime
from typing import Any

from services.notifications.post.urls import Urls, can_be_ended
from services.notifications.queries.mails import talk_in
from shared.events.registration import Registration

_LEADS_TO_PREFERENCES = {"group_changed", "subscription"}
"""The kinds of mail that say where one chooses what to get, beside those that one click ends."""


def personal_texts(urls: Urls, mail: Any, registration: Registration | None) -> dict[str, str]:
    """The texts in which this mail may differ from another that says the same; an empty one: there is none."""
    texts = {"name": mail.recipient_name, "mine": urls.mine(registration) if registration else ""}
    if talk := talk_in(mail):
        texts |= {"mine": urls.sparring(talk, mail.recipient), "network": urls.network()}
    if mail.kind == "thanks":
        texts["network"] = urls.network()
    if mail.kind in _LEADS_TO_PREFERENCES or can_be_ended(mail.kind):
        texts["preferences"] = urls.preferences(mail.recipient)
    if mail.method == "REQUEST":
        texts["answer"] = urls.answer(mail.invitation_id)
    if link := _asked_for(urls, mail):
        texts["link"] = link
    return texts


def _asked_for(urls: Urls, mail: Any) -> str | None:
    """The link that this mail is about."""
    about = mail.about
    if "subscription" in about:
        return urls.confirming(mail.recipient, about["subscription"], mail.queued_at)
    if "answer" in about:
        return urls.whose_answer(about["answer"], mail.queued_at)
    if "link" in about:
        return urls.asked_for(mail, about["link"], datetime.fromisoformat(about["validUntil"]))
    return None

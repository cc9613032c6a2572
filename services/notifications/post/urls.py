"""The links that stand in mails; each is signed when the mail is written, for its purpose and its reader alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.guests import TIME_TO_CONFIRM
from services.notifications.rules.outcomes import ASKED_FOR
from services.notifications.rules.preferences import Topic
from services.notifications.rules.sparring import side_of
from shared.events.registration import Registration
from shared.events.sparring import Sparring
from shared.people.links import Links

_PATHS = {
    "sign_in": "sign-in",
    "network_sign_in": "network/sign-in",
    "my_data": "my-data",
    "transfer": "transfers",
    "attendee_list": "lists",
}
"""Where the link leads that a kind of mail is about."""

_UNSUBSCRIBES_FROM: dict[str, Topic] = {
    "group_invitation": "invitations",
    "brought_invitation": "invitations",
    "digest": "digest",
    "spar_request": "network",
    "spar_proposal": "network",
    "spar_declined": "network",
}
"""The kinds of mail that somebody gets unasked, and what one click ends (rule 12)."""


@dataclass(frozen=True)
class Urls:
    """Signs links for one installation."""

    base_url: str
    ours: OurAddresses
    links: Links

    def mine(self, registration: Registration) -> str:
        """The person's own registration."""
        token = self.links.sign("mine", registration.id, registration.link_version)
        return f"{self.base_url}/registration/mine/{token}"

    def sparring(self, talk: Sparring, address: str) -> str:
        """A talk for two, for the one of them who has this address."""
        token = self.links.sign("sparring", f"{talk.id}/{side_of(talk, address)}", talk.link_version)
        return f"{self.base_url}/registration/sparring/{token}"

    def network(self) -> str:
        """Where people of the network find each other; not signed."""
        return f"{self.base_url}/registration/network"

    def sign_up(self, slug: str) -> str:
        """Where one signs up for a meeting; not signed."""
        return f"{self.base_url}/registration/meetings/{slug}"

    def answer(self, invitation_id: str) -> str:
        """Where an invitation is answered with a button."""
        return f"{self.base_url}/notifications/answer/{self.links.sign('answer', invitation_id)}"

    def whose_answer(self, mail_id: str, asked_at: datetime) -> str:
        """Where the invited person says that an answer from another address was theirs."""
        token = self.links.sign("whose-answer", mail_id, valid_until=asked_at + ASKED_FOR)
        return f"{self.base_url}/notifications/whose-answer/{token}"

    def preferences(self, address: str) -> str:
        """What an address wants to get."""
        token = self.links.sign("preferences", self.ours.fingerprint(address))
        return f"{self.base_url}/notifications/preferences/{token}"

    def confirming(self, address: str, version: int, asked_at: datetime) -> str:
        """Where who asked for invitations confirms it."""
        whose, until = self.ours.fingerprint(address), asked_at + TIME_TO_CONFIRM
        return f"{self.base_url}/notifications/subscriptions/{self.links.sign('subscription', whose, version, until)}"

    def unsubscribe(self, kind: str, address: str) -> str | None:
        """What one click ends that such a mail belongs to; None for what is a person's own business."""
        topic = _UNSUBSCRIBES_FROM.get(kind)
        if topic is None:
            return None
        token = self.links.sign("unsubscribe", f"{topic}/{self.ours.fingerprint(address)}")
        return f"{self.base_url}/notifications/v1/unsubscribe/{token}"

    def asked_for(self, mail: Row[Any], subject: str, valid_until: datetime) -> str:
        """The link that somebody asked registration for; its purpose is the kind of the mail."""
        version = mail.about.get("version", 0)
        token = self.links.sign(mail.kind.replace("_", "-"), subject, version, valid_until=valid_until)
        return f"{self.base_url}/registration/{_PATHS[mail.kind]}/{token}"


def can_be_ended(kind: str) -> bool:
    """Whether somebody gets such mails unasked, so that one click must end them."""
    return kind in _UNSUBSCRIBES_FROM

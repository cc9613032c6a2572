"""A notifications service as its surroundings see it: events go in, mails come out in a folder."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import vobject

from services.notifications.app import build
from services.notifications.rules.addresses import OurAddresses
from services.notifications.settings import Settings
from shared.bus.inbox import Inbox
from shared.settings import Common
from tests.builders import NOON, tell

KEY = "a-key-of-this-test-that-is-long-enough-42"
BEFORE = NOON - timedelta(days=20)
"""Three weeks before the meeting of the builders."""
OURS = OurAddresses("kring.example", "reply+{token}@kring.example", (KEY,))


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime = BEFORE

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass(frozen=True)
class Mail:
    """One file of the folder, read by the standard library alone."""

    name: str
    source: bytes

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.source, policy=default)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        return self._alternative("plain")

    @property
    def html(self) -> str:
        return self._alternative("html")

    @cached_property
    def calendars(self) -> list[bytes]:
        """The calendar objects as they travel, inline first."""
        types = ("text/calendar", "application/ics")
        parts = [part for part in self.message.walk() if part.get_content_type() in types]
        return [cast("bytes", part.get_payload(decode=True)) for part in parts]

    @cached_property
    def entry(self) -> "Entry":
        return Entry(self.calendars[0])

    def _alternative(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        assert body, f"no text/{kind}"
        return str(body.get_content()).replace("\r\n", "\n")


class Entry:
    """The one entry of a calendar object, as vobject reads it."""

    def __init__(self, source: bytes) -> None:
        calendar = vobject.readOne(source.decode())
        (event,) = calendar.contents["vevent"]
        self.method: str = calendar.method.value
        self.uid: str = event.uid.value
        self.sequence = int(event.sequence.value)
        self.status: str = _value(event, "status")
        self.starts_at: datetime = event.dtstart.value
        self.stamped_at: datetime = event.dtstamp.value
        self.summary: str = event.summary.value
        self.location: str = _value(event, "location")
        self.description: str = _value(event, "description")
        self.busy: str = event.contents["x-microsoft-cdo-busystatus"][0].value if self.method == "REQUEST" else ""
        self.organizer: str = event.organizer.value.removeprefix("mailto:")
        (self.attendee,) = event.contents["attendee"]
        self.partstat: str = self.attendee.params["PARTSTAT"][0]


def _value(event: Any, name: str) -> str:
    """What not every kind of object says."""
    return str(event.contents[name][0].value) if name in event.contents else ""


class Office:
    """The service, the folder its mail goes to, and the clock both look at."""

    def __init__(self, database_url: str, broker_url: str, folder: Path, clock: Clock, **wiring: Any) -> None:
        self.folder = folder
        self.clock = clock
        self.mail_url: str = wiring.pop("mail_url", None) or f"folder:{folder}"
        self.database_url, self.broker_url = database_url, broker_url
        self.replies_url: str | None = wiring.pop("replies_url", None)
        self.limits: float | None = wiring.pop("limits", None)
        self.dkim_key: bytes | None = wiring.pop("dkim_key", None)
        self.service = build(self._settings(), clock=self.clock, **wiring)
        self._others: list[Office] = []
        self._seen: set[str] = {mail.name for mail in self.all_mail()}

    def again(self, **wiring: Any) -> "Office":
        """Another process on the same database and folder, wired otherwise (``mail_url``, ``after_delivery``)."""
        other = Office(
            self.database_url, self.broker_url, self.folder, self.clock, **{"mail_url": self.mail_url, **wiring}
        )
        self._others.append(other)
        return other

    def close(self) -> None:
        """Let go of the database."""
        self.service.database.engine.dispose()
        for other in self._others:
            other.close()

    def tell(self, event: object, version: int | None = None) -> str:
        return tell(self.service, event, version)

    def post(self) -> None:
        """Send what can be sent."""
        while self.service.worker.part("post").pulse():
            pass

    def due(self) -> None:
        """Do what is due by now."""
        self.service.worker.part("due").pulse()

    def new_mail(self) -> list[Mail]:
        """Send what can be sent; what arrived since this was asked last, in the order of its invitations."""
        self.post()
        new = [mail for mail in self.all_mail() if mail.name not in self._seen]
        self._seen |= {mail.name for mail in new}
        return new

    def one_mail(self) -> Mail:
        (mail,) = self.new_mail()
        return mail

    def all_mail(self) -> list[Mail]:
        return [Mail(path.name, path.read_bytes()) for path in sorted((self.folder / "sent").glob("*"))]

    def statuses(self) -> list[str]:
        """How each mail fares, oldest first, as a manager sees it through the API."""
        answer = self.service.app.test_client().get(
            "/notifications/v1/messages", headers={"Authorization": "Bearer the-manager"}
        )
        return [mail["status"] for mail in reversed(answer.get_json())]

    def hear_all_again(self) -> None:
        """Forget which events were seen, so that all of them are handled once more."""
        inbox = self.service.worker.part("inbox")
        assert isinstance(inbox, Inbox)
        inbox.start_over()

    def _settings(self) -> Settings:
        common = Common(
            base_url="http://127.0.0.1:8000",
            secret_key=KEY,
            link_keys=(KEY,),
            erasure_keys=(KEY,),
            database_url=self.database_url,
            broker_url=self.broker_url,
            limits=self.limits,
            manager_key="the-manager",
        )
        return Settings(common, self.mail_url, "Kring", OURS, self.replies_url, "kring.example", self.dkim_key)

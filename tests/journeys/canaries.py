"""Marked values through every field into which people type something of themselves, and what goes wrong on the way."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from shared.bus.broker import Broker, Message
from shared.bus.inbox import Inbox
from shared.db.transaction import new_id
from shared.service import Service, settle
from tests.journeys.canaries_of_two import comes_back, meet_each_other
from tests.journeys.kring import Kring, assemble, mine_link
from tests.notifications.answering import answer, words
from tests.notifications.office import Mail
from tests.notifications.sink import a_sink
from tests.waiting import eventually

MEETING = {
    "seatPlan": {"capacity": 12},
    "registration": {"questions": ["Wat wilt u leren?"], "askAccess": True, "askDiet": True, "askPhone": True},
}


@dataclass
class Cage:
    """Gives marked values, each once: as a word, in an address, as a telephone number."""

    birds: list[str] = field(default_factory=list)

    def word(self) -> str:
        bird = f"zq{len(self.birds):03}kanarie"
        self.birds.append(bird)
        return bird

    def name(self) -> str:
        return f"Pip {self.word()}"

    def email(self) -> str:
        return f"{self.word()}@gemeente.example"

    def phone(self) -> str:
        bird = f"069871{len(self.birds):05}"
        self.birds.append(bird)
        return bird

    def heard_in(self, text: str) -> list[str]:
        """Which of them stand in ``text``, whatever its case."""
        text = text.lower()
        return [bird for bird in self.birds if bird in text]


@dataclass
class Ears:
    """Stands before the installation and hears what it answers where something went wrong.

    A form that comes back holds what was typed, for who typed it, so pages with a form are left out; documents for
    programs never are. A page names its own address, in the link to the other language.
    """

    application: Any
    heard: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.application, name)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        said: list[tuple[str, Headers]] = []

        def note(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            said.append((status, Headers(headers)))
            return start_response(status, headers, *more)

        body = b"".join(self.application(environ, note))
        status, headers = said[0]
        self.heard.append(" ".join(value for name, value in headers if name not in {"Location", "Set-Cookie"}))
        is_form = b"<form" in body and status.startswith("400")
        if status >= "400" and not is_form:
            self.heard.append(body.decode().replace(environ["PATH_INFO"], ""))
        return [body]


@dataclass
class Walk:
    """One installation, and everything that people type into it."""

    kring: Kring
    cage: Cage = field(default_factory=Cage)

    def __post_init__(self) -> None:
        self.ears = Ears(self.kring.assembly)
        self.kring = replace(self.kring, assembly=self.ears)  # type: ignore[arg-type]  # it answers as one

    def send(self, method: str, path: str, **body: Any) -> TestResponse:
        done = self.kring.ask(method, path, json=body)
        assert done.status_code < 400, done.text
        return done

    def typed_into_a_page(self, path: str, **fields: str) -> None:
        visitor = self.kring.visitor()
        answered = visitor.press(visitor.get(path), **fields)
        assert answered.status_code < 400, answered.text

    def all_of_it(self) -> None:
        meeting = self.kring.publish(**MEETING)
        people = self.sign_ups(meeting, 20)
        self.acts_at_the_desk(meeting, people)
        self._organisers()
        self._elsewhere(meeting)
        invited = self.mails(people)
        meet_each_other(self, invited)
        comes_back(self, invited[people[3]])
        self._wrong_requests(meeting)
        self._a_database_that_fails(meeting)
        self.kring.settle()
        self._a_mail_server_that_refuses()
        self._poison()

    def sign_ups(self, meeting: Mapping[str, Any], number: int) -> list[str]:
        """Twelve have a seat and the others wait; gives their addresses."""
        question = meeting["registration"]["questions"][0]["id"]
        addresses = []
        for _ in range(number):
            email = self.cage.email()
            addresses.append(email)
            wish: dict[str, Any] = {
                "email": email,
                "organisation": f"Gemeente {self.cage.word()}",
                "answers": {question: f"Graag {self.cage.word()}"},
                "needs": {"access": f"Ring {self.cage.word()}", "diet": f"Geen {self.cage.word()}"},
                "phone": self.cage.phone(),
            }
            done = self.kring.sign_up(meeting, self.cage.name(), **wish)
            assert done.status_code == 201, done.text
        return addresses

    def acts_at_the_desk(self, meeting: Mapping[str, Any], people: list[str]) -> None:
        path = f"/registration/v1/meetings/{meeting['id']}"
        rows: list[Any] = self.kring.ask("GET", f"{path}/registrations").json  # type: ignore[assignment]  # a list
        ids = {row["email"]: row["id"] for row in rows}
        for email in people[:6]:
            self.send("PUT", f"/registration/v1/registrations/{ids[email]}/note", note=f"Kent {self.cage.word()}")
        for email in people[6:9]:
            colleague = {"name": self.cage.name(), "email": self.cage.email(), "targetGroup": "inkoper"}
            self.send("POST", f"/registration/v1/registrations/{ids[email]}/transfers", **colleague)
        for email in people[9:11]:
            reason = f"Belde met {self.cage.word()}"
            self.send("PUT", f"/registration/v1/registrations/{ids[email]}/cancellation", reason=reason)
        for email in people[18:20]:
            reason = f"Spreekt namens {self.cage.word()}"
            self.send("PUT", f"/registration/v1/registrations/{ids[email]}/seat", reason=reason)
        for _ in range(3):
            said = {"subject": f"Voor {self.cage.word()}", "text": f"Beste {self.cage.word()}"}
            self.send("POST", f"{path}/messages", statuses=["confirmed"], **said)
        guest = {"name": self.cage.name(), "organisation": self.cage.word(), "targetGroup": "inkoper"}
        self.send("POST", f"{path}/desk-registrations", **guest, ifFull="go-over", reason=self.cage.word())

    def _organisers(self) -> None:
        for _ in range(2):
            self.kring.command("organisers", "add", self.cage.email(), "--role", "organiser", "--region", "PV26")
            self.kring.command("keys", "add", "--role", "auditor", "--name", f"Rooster van {self.cage.word()}")

    def _elsewhere(self, meeting: Mapping[str, Any]) -> None:
        """Stories, what people think of a page, who wants to be invited and who is, signing in."""
        for _ in range(4):
            told = {"title": f"Stap van {self.cage.word()}", "text": f"Met {self.cage.word()}", "kind": "small-step"}
            who = {"name": self.cage.name(), "email": self.cage.email(), "organisation": self.cage.word()}
            self.typed_into_a_page("/stories/new", **told, **who, consent="true")
            judged = {"satisfied": "no", "words": f"Vraag {self.cage.word()}", "research": "true"}
            self.typed_into_a_page("/feedback?page=/meetings", **judged, email=self.cage.email())
            wish = {"name": self.cage.name(), "email": self.cage.email(), "organisation": self.cage.word()}
            self.send("POST", "/notifications/v1/subscriptions", **wish, targetGroup="inkoper", regions=["PV26"])
            self.typed_into_a_page("/registration/sign-in", email=self.cage.email())
            self.typed_into_a_page("/registration/network/sign-in", email=self.cage.email())
        brought = [{"name": self.cage.name(), "email": self.cage.email(), "targetGroup": "inkoper"} for _ in range(6)]
        path = f"/notifications/v1/meetings/{meeting['id']}/campaigns"
        self.send("POST", path, addresses=brought, ground="Zij kwamen eerder")

    def mails(self, people: list[str]) -> dict[str, Mail]:
        """Answers of calendars with words beside them, questions in words, and what strangers write.

        Gives the invitations of the first five.
        """
        mails = self.kring.new_mail()
        invited = [next(mail for mail in mails[email] if mail.calendars) for email in people[:5]]
        for mail in invited[:2]:
            comment = f"Ik kom met {self.cage.word()}"
            self.kring.drop(answer(mail, "TENTATIVE", at=self.kring.clock(), COMMENT=comment))
        for mail in invited[2:4]:
            self.kring.drop(words(mail, f"Mag {self.cage.word()} mee?", X_Signed=self.cage.word()))
        self.kring.drop(answer(invited[4], "ACCEPTED", at=self.kring.clock(), sender=self.cage.email()))
        mine = self.kring.visitor()
        page = mine.open(mine_link(invited[0]))
        assert page.status_code == 200, page.text
        self.kring.settle()
        return dict(zip(people[:5], invited, strict=True))

    def _wrong_requests(self, meeting: Mapping[str, Any]) -> None:
        path, word = f"/registration/v1/meetings/{meeting['id']}/registrations", self.cage.word
        wrong = [
            {"name": word(), "email": word(), "targetGroup": word()},
            {"name": word() * 40, "email": f"{word()}@", "targetGroup": "inkoper", "answers": {"no-question": word()}},
            {"no-field": word(), "needs": word(), "phone": word(), "language": word()},
        ]
        for body in wrong:
            assert self.kring.ask("POST", path, json=body).status_code == 400
        broken = self.kring.ask("POST", path, data=f'{{"name": "{word()}"', content_type="application/json")
        assert broken.status_code == 400
        unreadable = self.kring.ask("POST", path, data=word(), content_type="text/plain")
        assert unreadable.status_code == 415
        large = self.kring.ask("POST", path, json={"name": word(), "email": "x" * 2_000_000})
        assert large.status_code == 413
        for lost in (f"/meetings/{word()}", f"/registration/mine/{word()}", f"{path}/{word()}?q={word()}"):
            assert self.kring.ask("GET", lost).status_code == 404
        refused = self.kring.ask("GET", f"/registration/v1/audit?act={word()}")
        assert refused.status_code == 400
        stranger = self.kring.ask("GET", path, {"Authorization": f"Bearer {word()}"})
        assert stranger.status_code == 401

    def _poison(self) -> None:
        """What is no event, what is none that we know, and one whose content is wrong: all of them about somebody."""
        word = self.cage.word
        broker = Broker(self.kring.environments["registration"]["BROKER_URL"], "registration")
        envelope = {
            "specversion": "1.0",
            "source": "registration",
            "subject": "a-registration",
            "time": "2027-02-01T09:00:00Z",
            "datacontenttype": "application/json",
        }
        bodies = [
            f'{{"name": "{word()}"'.encode(),
            json.dumps({**envelope, "id": new_id(), "type": "nl.kring.cake.eaten", "data": {"by": word()}}).encode(),
            json.dumps({**envelope, "id": new_id(), "type": "registration.confirmed", "data": word()}).encode(),
            json.dumps({"name": word(), "deep": [[[[word()]]]]}).encode(),
        ]
        unstorable = f'{{"name": "{word()}\0"'.encode()  # in PostgreSQL: it goes to the dead letters
        broker.publish([Message(new_id(), "registration.confirmed", body) for body in [unstorable, *bodies]])
        broker.close()
        others = (self.kring.assembly.catalog, self.kring.assembly.notifications)

        def all_parked() -> bool:
            settle(*others)
            return all(_parked(other) >= len(bodies) for other in others)

        eventually(all_parked, seconds=60)

    def _a_mail_server_that_refuses(self) -> None:
        """It says in its refusal whom it does not know; what it said is on record."""
        given = {**self.kring.environments, "notifications": {**self.kring.environments["notifications"]}}
        with a_sink() as sink:
            given["notifications"]["MAIL_URL"] = sink.url
            self.kring.close()
            self.kring.clock.forward(minutes=5)  # what the processes before it held is free again
            self.ears.application = assemble(given, self.kring.clock)
            self.kring = replace(self.kring, environments=given)
            email = self.cage.email()
            sink.answers = [f"550 5.1.1 <{email}> is not known here"]
            meeting = self.kring.publish(title={"nl": "Nog een", "en": "Another"})
            assert self.kring.sign_up(meeting, self.cage.name(), email=email).status_code == 201
            self.kring.settle()
            assert not sink.answers

    def _a_database_that_fails(self, meeting: Mapping[str, Any]) -> None:
        """A table is gone for a moment: a statement fails with all that somebody typed in it."""
        database = self.kring.assembly.registration.database
        with database.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE history RENAME TO history_away")
        failed = self.kring.sign_up(meeting, self.cage.name(), email=self.cage.email())
        assert failed.status_code >= 500, failed.text
        with database.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE history_away RENAME TO history")


def _parked(service: Service) -> int:
    inbox = service.worker.part("inbox")
    assert isinstance(inbox, Inbox)
    return len(inbox.unhandled())

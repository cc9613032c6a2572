"""An installation in which there is one of each thing: here, elsewhere, and of another person here."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from sqlalchemy import Column, Connection, event, select

from services.catalog.actions.keep_manifest import keep_manifest
from services.catalog.actions.tell_story import tell_story
from services.catalog.rules.stories import StoryDetails, Teller
from services.notifications import tables as mailed
from services.registration.actions.keep_profile import Profile, keep_profile
from services.registration.tables import issued_key, organiser, registration, transfer
from shared.service import Service
from tests.access.things import HOW, MADE, OF_ALL, OURS, Place, variables
from tests.journeys.kring import BASE_URL, READY, Kring
from tests.notifications.answering import words
from tests.notifications.office import Mail

HERE, ELSEWHERE = "PV26", "PV31"
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
STORY = "0190b8a0-0000-7000-8000-00000000feed"

PEOPLE = ("Quirine", "Bonifacius", "Xantippe", "Crispijn", "Wijbrecht", "Ysbrand")
"""Who is met there: names that stand nowhere else."""


class House:
    """The three services with a thing of each kind, and who is met there.

    Here Quirine takes part, and would hand her seat to Bonifacius; Xantippe takes part too. Elsewhere it is Wijbrecht,
    and Ysbrand would take over. Nobody of one region has any business in the other.
    """

    def __init__(self, kring: Kring) -> None:
        self.kring = kring
        self.tokens: dict[str, str] = {}
        here = self._place("here", HERE, "Quirine", "Bonifacius")
        another = self._person(here, "another", "Xantippe", "Crispijn")
        elsewhere = self._place("elsewhere", ELSEWHERE, "Wijbrecht", "Ysbrand")
        self.places = {place.name: place for place in (here, another, elsewhere)}
        self.made = self._made(here)

    @property
    def services(self) -> tuple[Service, Service, Service]:
        return self.kring.assembly.services

    def service(self, name: str) -> Service:
        return next(service for service in self.services if service.name == name)

    def cases(self, rule: str) -> list[tuple[str, Place, frozenset[str]]]:
        """The addresses that stand for a route: where it lies, and what of that place it names.

        Raises ``LookupError`` for a variable of which nobody said what stands for it.
        """
        named = frozenset(OURS[end] for _, end in variables(rule) if end in OURS)
        if named & {"registration", "transfer", "invitation"}:
            where = ["here", "another", "elsewhere"]
        else:
            where = ["here", "elsewhere"] if named else ["here"]
        return [(self._address(rule, self.places[name]), self.places[name], named) for name in where]

    def _address(self, rule: str, place: Place) -> str:
        for written, end in variables(rule):
            if end in OURS:
                value = place.things[OURS[end]]
            elif end in OF_ALL:
                value = OF_ALL[end]
            elif end in MADE:
                value = self.made[MADE[end]]
            else:
                raise LookupError(f"{rule}: nothing stands for {end!r}. {HOW}")
            rule = rule.replace(written, re.sub("<[^<>]*>", lambda _: value, written), 1)  # noqa: B023  # used at once
        return rule

    def _place(self, name: str, region: str, person: str, colleague: str) -> Place:
        series = f"Reeks {name}"
        meeting = self.kring.publish(region=region, series=series, targetGroups=[], title={"nl": f"Samen {name}"})
        guests = [{"email": f"gast-{name}@gemeente.example", "targetGroup": "inkoper"}]
        campaign = {"targetGroups": ["inkoper"], "ground": "Zij vroegen erom", "addresses": guests}
        started = self.kring.ask("POST", f"/notifications/v1/meetings/{meeting['id']}/campaigns", json=campaign)
        assert started.status_code == 202, started.text
        secret = {**READY, "region": region, "title": {"nl": f"Geheim {name}"}}
        assert self.kring.ask("POST", "/v1/meetings", json=secret).status_code == 201
        file = self.kring.ask(
            "POST", f"/v1/meetings/{meeting['id']}/files", data={"file": (BytesIO(PDF), f"{name}.pdf")}
        )
        assert file.status_code == 201, file.text
        about = mailed.campaign.c.meeting_id == meeting["id"]
        things = {
            "meeting": meeting["id"],
            "slug": meeting["slug"],
            "series": series,
            "file": _object(file)["id"],
            "campaign": self._one(self.kring.assembly.notifications, mailed.campaign.c.id, about),
        }
        return self._person(Place(name, region, things), name, person, colleague)

    def _person(self, place: Place, name: str, person: str, colleague: str) -> Place:
        """Somebody takes part, writes to us and would hand the seat over."""
        meeting = {"id": place.things["meeting"]}
        assert self.kring.sign_up(meeting, person).status_code == 201
        mail = self._mail_to(person)
        self.kring.drop(words(mail, f"Ik ben {person}"))
        ours, theirs = self.kring.assembly.registration, self.kring.assembly.notifications
        of_person = registration.c.name == person
        id_ = self._one(ours, registration.c.id, of_person)
        wish = {"name": colleague, "email": f"{colleague.lower()}@gemeente.example"}
        proposed = self.kring.ask("POST", f"/registration/v1/registrations/{id_}/transfers", json=wish)
        assert proposed.status_code == 202, proposed.text
        taken_over = self._mail_to(colleague)
        mine = theirs, mailed.outgoing_mail.c.registration_id == id_
        things = {
            **place.things,
            "registration": id_,
            "transfer": self._one(ours, transfer.c.id, transfer.c.registration_id == id_),
            "invitation": self._one(theirs, mailed.invitation.c.id, mailed.invitation.c.registration_id == id_),
            "mail": self._one(mine[0], mailed.outgoing_mail.c.id, mine[1]),
            "received": self._one(theirs, mailed.incoming_mail.c.id, mailed.incoming_mail.c.registration_id == id_),
            "token of mine": _token(mail, "/registration/mine/"),
            "token of an answer": _token(mail, "/notifications/answer/"),
            "token of a transfer": _token(taken_over, "/registration/transfers/"),
        }
        return Place(name, place.region, things)

    def _made(self, here: Place) -> dict[str, str]:
        """What lies in no region, each by its name in ``MADE``."""
        kring, catalog = self.kring, self.kring.assembly.catalog
        assert kring.ask("PUT", "/v1/venues/zaal", json={"name": "Zaal"}).status_code == 200
        item = _object(kring.ask("POST", "/v1/knowledge", json={"kind": "guide", "title": {"nl": "Wegwijzer"}}))
        expert = {"name": "Professor Voorbeeld", "consentedOn": "2027-01-01"}
        with catalog.database.begin() as tx:
            said = {"title": {"nl": "Manifest"}, "text": {"nl": "Wij"}, "starts_on": tx.now.date(), "ends_on": None}
            manifest = keep_manifest(tx, None, said)
            details = StoryDetails(kind="success", title={"nl": "Gelukt"}, text={"nl": "Ja"})
            tell_story(tx, STORY, details, Teller(name="", email=""))
        key = kring.command("keys", "add", "--role", "auditor", "--name", "te zien")
        kring.settle()
        ours = kring.assembly.registration
        made = {
            "venue": "zaal",
            "knowledge": item["id"],
            "knowledge-page": item["slug"],
            "expert": _object(kring.ask("POST", "/v1/experts", json=expert))["id"],
            "manifest": manifest,
            "story": STORY,
            "story-page": "gelukt",
            "key": self._one(ours, issued_key.c.id, issued_key.c.name == "te zien"),
            "profile": self._in_the_network("Xantippe"),
            "token to sign in": kring.command("sign-in-link").rpartition("/")[2],
            "who has a role": self._one(ours, organiser.c.id, organiser.c.role == "manager"),
            "token of a helper": key,
            **here.things,
        }
        return {name: made.get(name, "unknown") for name in MADE.values()}

    def _in_the_network(self, person: str) -> str:
        """Somebody can be found by everybody in the network; gives the id of the profile."""
        said = Profile(
            name=person,
            target_group="inkoper",
            organisation="",
            region=None,
            themes=(),
            can_help_with="Inkopen",
            looking_for="",
            visible_to="network",
            language="nl",
        )
        with self.kring.assembly.registration.database.begin() as tx:
            mine = tx.session.execute(select(registration).where(registration.c.name == person)).one()
            return keep_profile(tx, mine.address_key, mine.email, said)

    def _mail_to(self, person: str) -> Mail:
        self.kring.settle()
        address = f"{person.lower()}@gemeente.example"
        return next(mail for mail in self.kring.all_mail() if address in str(mail.message["To"]))

    def _one(self, service: Service, column: Column[Any], condition: Any) -> str:
        self.kring.settle()
        with service.database.reading() as session:
            return str(session.scalar(select(column).where(condition).limit(1)))


@contextmanager
def nothing_lasts(service: Service) -> Iterator[None]:
    """Whatever it is asked it answers as ever meanwhile, and each transaction is rolled back where it would commit."""

    def roll_back(connection: Connection) -> None:
        connection.connection.rollback()

    event.listen(service.database.engine, "commit", roll_back)
    yield
    event.remove(service.database.engine, "commit", roll_back)


def _token(mail: Mail, place: str) -> str:
    found = re.search(re.escape(BASE_URL + place) + r"([^\s?/]+)", mail.text)
    return found[1] if found else "unknown"


def _object(answer: Any) -> Mapping[str, Any]:
    assert answer.status_code in {200, 201}, answer.text
    found: Mapping[str, Any] = answer.json
    return found

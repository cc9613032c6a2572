"""Loading the demonstration through the services' own API. Doing it again finishes what was begun, nothing else."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from deploy.assembly import Assembly, assemble
from deploy.demo.attendance import load_attendance
from deploy.demo.drafts import load_drafts
from deploy.demo.knowledge import load_knowledge
from deploy.demo.manifests import load_manifests
from deploy.demo.meetings import DemoMeeting
from deploy.demo.network import load_network
from deploy.demo.office import load_roles, load_undelivered
from deploy.demo.people import DemoPerson, people
from deploy.demo.programme import PROGRAMME
from deploy.demo.reference import load_reference
from deploy.demo.stories import load_stories
from services.catalog.app import NAME as CATALOG
from services.catalog.commands.organisations import organisations
from services.catalog.rules.addresses import Addresses
from services.registration.actions.keep_keys import add_key, revoke_access
from services.registration.tables import grants
from shared.defaults import data_folder, with_defaults
from shared.people.grants import secret_hash
from shared.service import settle
from shared.times import utc_now

MUNICIPALITIES = Path(__file__).with_name("municipalities.csv")

BEFORE = timedelta(weeks=8)
"""How long before the first start the past meetings were published and signed up for."""

_NONE, _BEGUN, _LOADED = "none", "begun", "loaded"


def on_first_start(given: Mapping[str, str]) -> bool:
    """Load the demonstration on the first start in this data folder, unless ``KRING_DEMO=0``.

    A load that was broken off is finished. Tells whether the data are examples.
    """
    mark = data_folder(given) / "demonstration"
    state, _, day = mark.read_text().strip().partition(" ") if mark.exists() else ("", "", "")
    if not state:
        is_wanted = given.get("KRING_DEMO") != "0" and is_safe(given)
        state, day = (_BEGUN, utc_now().date().isoformat()) if is_wanted else (_NONE, "")
        _write(mark, f"{state} {day}")
    if state == _BEGUN:
        load(given, date.fromisoformat(day))
        state = _LOADED
        _write(mark, f"{state} {day}")
    return state == _LOADED


def is_safe(given: Mapping[str, str]) -> bool:
    """Whether examples can reach nobody: mail goes to a folder, and only this machine sees the pages."""
    settings = with_defaults(given, CATALOG)
    host = urlsplit(settings["BASE_URL"]).hostname
    return settings.get("MAIL_URL", "").startswith("folder:") and host in {"127.0.0.1", "localhost", "::1"}


def load(given: Mapping[str, str], first_start: date) -> None:
    """Publish the whole programme and let fictitious people sign up; what is there already stays as it is."""
    past = [meeting for meeting in PROGRAMME if meeting.is_past]
    coming = [meeting for meeting in PROGRAMME if not meeting.is_past]
    with _desk(given, lambda: utc_now() - BEFORE) as desk:
        desk.import_municipalities()
        crowd = people(desk.organisations())
        load_manifests(desk.assembly.catalog.database, first_start)
        _publish_all(desk, past, first_start, crowd)
    with _desk(given, utc_now) as desk:
        _publish_all(desk, coming, first_start, crowd)
        for meeting in (each for each in past if each.is_counted):
            load_attendance(desk.assembly.registration.database, desk.publish(meeting.facts(first_start)))
        load_reference(desk.assembly.catalog.database, Addresses(desk.base_url))
        load_drafts(desk.assembly.catalog.database, Addresses(desk.base_url), first_start)
        load_stories(desk.assembly.catalog.database)
        load_network(desk.assembly.registration.database, islice(people(desk.organisations()), 100))
        load_knowledge(desk.assembly.catalog.database, Addresses(desk.base_url), first_start)
        load_roles(desk.assembly.registration.database)
        load_undelivered(desk.assembly.notifications.database)


@dataclass(frozen=True)
class _Desk:
    """What an organiser and the participants do, through the API."""

    assembly: Assembly
    key: str
    base_url: str

    def import_municipalities(self) -> None:
        """As an operator does it."""
        command = organisations(lambda: (self.assembly.catalog.database, Addresses(self.base_url)))
        command.main(["import", str(MUNICIPALITIES)], standalone_mode=False)
        settle(*self.assembly.services)

    def organisations(self) -> list[str]:
        """The TOOI addresses of all organisations."""
        return [found["code"] for found in self._ask("GET", "/v1/organisations?limit=1000")]

    def publish(self, facts: Mapping[str, Any]) -> str:
        """Draft and publish a meeting, unless there is one of this title; gives its id."""
        known = [
            meeting
            for status in ("draft", "published", "cancelled", "held")
            for meeting in self._ask("GET", f"/v1/meetings?status={status}&limit=1000")
            if meeting["title"] == facts["title"]
        ]
        meeting = known[0] if known else self._ask("POST", "/v1/meetings", facts)
        if meeting["status"] == "draft":
            self._ask("POST", f"/v1/meetings/{meeting['id']}/publication")
        settle(*self.assembly.services)
        return str(meeting["id"])

    def sessions(self, meeting_id: str) -> list[str]:
        """The ids of the parts of the programme, which all have seats of their own."""
        return [session["id"] for session in self._ask("GET", f"/v1/meetings/{meeting_id}")["sessions"]]

    def answers(self, meeting_id: str, meeting: DemoMeeting) -> dict[str, str]:
        """What everyone answers, by the ids of the questions."""
        asked = self._ask("GET", f"/v1/meetings/{meeting_id}")["registration"]["questions"]
        pairs = zip(asked, meeting.questions, strict=True)
        return {question["id"]: told.answer for question, told in pairs if told.answer}

    def sign_up(
        self,
        meeting_id: str,
        person: DemoPerson,
        group: str,
        sessions: Sequence[str],
        answers: Mapping[str, str],
    ) -> None:
        """One person signs up; a second time is answered as the first."""
        self._ask(
            "POST",
            f"/registration/v1/meetings/{meeting_id}/registrations",
            {
                "name": person.name,
                "email": person.email,
                "organisation": person.organisation,
                "targetGroup": group,
                "language": "nl",
                "sessions": list(sessions),
                "answers": dict(answers),
            },
            {"Idempotency-Key": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{meeting_id} {person.email}"))},
        )

    def sign_off(self, meeting_id: str, group: str, count: int) -> None:
        """So many of a role, of those with a seat, do not come after all; twice is once."""
        people = self._ask("GET", f"/registration/v1/meetings/{meeting_id}/registrations?targetGroup={group}")
        gone = [person for person in people if person["status"] == "cancelled"]
        seated = [person for person in people if person["status"] == "confirmed"]
        for person in seated[: max(0, count - len(gone))]:
            self._ask("PUT", f"/registration/v1/registrations/{person['id']}/cancellation", {})
        settle(*self.assembly.services)

    def enter(self, meeting_id: str, person: DemoPerson, group: str) -> None:
        """An organiser gives somebody a seat who called, beyond the plan if need be; twice is once."""
        entry = {
            "key": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{meeting_id} by hand")),
            "name": person.name,
            "email": person.email,
            "targetGroup": group,
            "ifFull": "go-over",
            "reason": "Neemt een voorbeeld mee.",
        }
        self._ask("POST", f"/registration/v1/meetings/{meeting_id}/desk-registrations", entry)
        settle(*self.assembly.services)

    def cancel(self, meeting_id: str, reason: str) -> None:
        """Call a meeting off."""
        self._ask("POST", f"/v1/meetings/{meeting_id}/cancellation", {"reason": reason})
        settle(*self.assembly.services)

    def is_published(self, meeting_id: str) -> bool:
        """Whether one can still sign up for a meeting or call it off."""
        return bool(self._ask("GET", f"/v1/meetings/{meeting_id}")["status"] == "published")

    def _ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        service = self.assembly.registration if path.startswith("/registration/") else self.assembly.catalog
        answer = service.app.test_client().open(
            path, method=method, json=body, headers={"Authorization": f"Bearer {self.key}", **(headers or {})}
        )
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.text}")
        return answer.json


@contextmanager
def _desk(given: Mapping[str, str], clock: Callable[[], datetime]) -> Iterator[_Desk]:
    """A desk with a key of its own, which opens nothing any more afterwards."""
    assembly = assemble({**given, "LIMITS": "off", "EXAMPLE_DATA": "1"}, clock)
    registration = assembly.registration.database
    with registration.begin() as tx:
        key = add_key(tx, "manager", by="operator", name="demonstration")
    settle(*assembly.services)
    yield _Desk(assembly, key, with_defaults(given, CATALOG)["BASE_URL"])
    with registration.begin() as tx:
        revoke_access(tx, "operator", grants.c.secret_hash == secret_hash(key))
    settle(*assembly.services)


def _publish_all(desk: _Desk, meetings: list[DemoMeeting], first_start: date, crowd: Iterator[DemoPerson]) -> None:
    with click.progressbar(meetings, label="demonstration", item_show_func=lambda one: one.title if one else "") as bar:
        for meeting in bar:
            meeting_id = desk.publish(meeting.facts(first_start))
            people_per_group = [(group, count) for group, count in meeting.signed_up.items()]
            taking_part = list(islice(crowd, sum(meeting.signed_up.values())))
            if not desk.is_published(meeting_id):
                continue
            groups = [group for group, count in people_per_group for _ in range(count)]
            choices = cycle([[session] for session in desk.sessions(meeting_id)] or [[]])
            answers = desk.answers(meeting_id, meeting)
            for (person, group), chosen in zip(zip(taking_part, groups, strict=True), choices, strict=False):
                desk.sign_up(meeting_id, person, group, chosen, answers)
            settle(*desk.assembly.services)
            for group, count in meeting.signed_off.items():
                desk.sign_off(meeting_id, group, count)
            if meeting.by_hand:
                desk.enter(meeting_id, next(crowd), meeting.by_hand)
            if meeting.cancelled:
                desk.cancel(meeting_id, meeting.cancelled)


def _write(mark: Path, text: str) -> None:
    """All or nothing: a half-written mark would be read as something else."""
    draft = mark.with_suffix(".draft")
    draft.write_text(text + "\n")
    draft.replace(mark)

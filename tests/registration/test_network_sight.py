"""Nobody sees what was not opened to them: random people, settings, meetings and blocks, on every page of the network.

What may be seen is written here once more, from what the pages promise, apart from the product's own rule.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update
from werkzeug.test import TestResponse

from services.registration.actions.block_person import block_person
from services.registration.actions.keep_profile import Profile, keep_profile
from services.registration.queries.directory import Wanted, directory
from services.registration.queries.network import profile_of
from services.registration.rules.suggestions import suggest
from services.registration.tables import meeting, network_block, network_hiding, profile, registration
from shared.db.transaction import new_id
from tests.registration.conftest import World, csrf
from tests.registration.members import NETWORK, WORDS, know_words, names_in

PEOPLE = ("Anna", "Bram", "Cor", "Dirk", "Els")
MEETINGS = (0, 1, 2)
CALLED_OFF = 2
ROLES = ("bestuurder", "inkoper")
STANDS = (None, "confirmed", "attended", "confirmed", "offered", "no_show", "waitlisted", "cancelled", "requested")

regions = st.sampled_from([None, *WORDS["region"]])
themes = st.lists(st.sampled_from(sorted(WORDS["theme"])), unique=True).map(tuple)


@dataclass(frozen=True)
class Somebody:
    """What a person says and did; ``stands`` at each meeting, by its number, None where they never signed up."""

    visible_to: Any
    role: str
    region: str | None
    themes: tuple[str, ...]
    offers: str
    seeks: str
    stands: dict[int, str | None]
    companion: int = 1


people = st.builds(
    Somebody,
    visible_to=st.sampled_from(["meeting", "meeting", "region", "network"]),
    role=st.sampled_from(ROLES),
    region=regions,
    themes=themes,
    offers=st.sampled_from(["", "hout", "asfalt"]),
    seeks=st.sampled_from(["", "hout", "asfalt"]),
    stands=st.fixed_dictionaries({number: st.sampled_from(STANDS) for number in MEETINGS}),
    companion=st.sampled_from([1, 1, 1, 1, 2]),
)
pairs = st.sets(st.sampled_from([(one, other) for one in PEOPLE for other in PEOPLE if one != other]), max_size=4)


@dataclass(frozen=True)
class Network:
    """All of it: who ``blocked`` whom, and whom a programme manager ``hid``."""

    people: dict[str, Somebody]
    blocked: set[tuple[str, str]]
    hidden: set[str]

    def took_part(self, name: str) -> set[int]:
        """In which meetings someone themselves took or takes part; one that was called off was no meeting."""
        who = self.people[name]
        stands = who.stands if who.companion == 1 else {}
        return {at for at, status in stands.items() if status in {"confirmed", "attended"} and at != CALLED_OFF}

    def opened_to(self, viewer: str) -> set[str]:
        """Whose profile this person may see."""
        return {name for name in self.people if name != viewer and self._may_see(viewer, name)}

    def _may_see(self, viewer: str, name: str) -> bool:
        if {(viewer, name), (name, viewer)} & self.blocked or {viewer, name} & self.hidden:
            return False
        mine, theirs = self.people[viewer], self.people[name]
        return {
            "network": True,
            "region": mine.region is not None and mine.region == theirs.region,
            "meeting": bool(self.took_part(viewer) & self.took_part(name)),
        }[theirs.visible_to]


networks = st.builds(
    Network,
    people=st.fixed_dictionaries(dict.fromkeys(PEOPLE, people)),
    blocked=pairs,
    hidden=st.sets(st.sampled_from(PEOPLE), max_size=1),
)


class Stage:
    """A world with three meetings, in which one network after the other takes place."""

    def __init__(self, world: World) -> None:
        self.world = world
        know_words(world)
        self.meetings = [world.publish(target_groups=(), title={"nl": f"Avond {number}"}) for number in MEETINGS]
        with world.service.database.begin() as tx:
            called_off = meeting.c.id == self.meetings[CALLED_OFF].id
            tx.session.execute(update(meeting).where(called_off).values(status="cancelled"))
        self.ids: dict[str, str] = {}
        self.browsers = {name: self._browser(name) for name in PEOPLE}

    def _browser(self, name: str) -> tuple[FlaskClient, str]:
        browser = self.world.service.app.test_client()
        self.world.sign_in(browser, address(name))
        return browser, csrf(browser.get("/registration/sign-in"))

    def plays(self, network: Network) -> None:
        """Let this be how things stand."""
        with self.world.service.database.begin() as tx:
            for table in (network_block, network_hiding, profile, registration):
                tx.session.execute(delete(table))
            for name, who in network.people.items():
                self.ids[name] = keep_profile(tx, address(name), address(name), said(name, who))
                for at, status in who.stands.items():
                    if status:
                        tx.session.execute(insert(registration).values(self._row(name, who, at, status)))
            for one, other in sorted(network.blocked):
                about = profile_of(tx.session, address(other))
                assert about is not None
                block_person(tx, self.ids[one], about)
            for name in network.hidden:
                hiding = {"address_key": address(name), "reason": "-", "hidden_by": "manager", "hidden_at": tx.now}
                tx.session.execute(insert(network_hiding).values(hiding))

    def _row(self, name: str, who: Somebody, at: int, status: str) -> dict[str, Any]:
        now = self.world.clock.now
        return {
            "id": new_id(),
            "meeting_id": self.meetings[at].id,
            "address_key": address(name),
            "email": address(name),
            "companion": who.companion,
            "name": name,
            "organisation": "",
            "target_group": who.role,
            "status": status,
            "attendance": "venue",
            "language": "nl",
            "answers": {},
            "queue_number": 100 * at + PEOPLE.index(name),
            "waits_for": "seat" if status == "waitlisted" else None,
            "offer_until": now if status == "offered" else None,
            "cause": "participant",
            "asked_at": now,
            "created_at": now,
        }

    def get(self, name: str, page: str) -> TestResponse:
        """A page of the network, as this person sees it."""
        return self.browsers[name][0].get(NETWORK + page)

    def post(self, name: str, page: str, **typed: str) -> TestResponse:
        """A button that this person presses there."""
        browser, token = self.browsers[name]
        return browser.post(NETWORK + page, data={"csrf_token": token, **typed})


def address(name: str) -> str:
    return f"{name.lower()}@gemeente.example"


def said(name: str, who: Somebody) -> Profile:
    return Profile(
        name=name,
        target_group=who.role,
        organisation=f"Gemeente van {name}",
        region=who.region,
        themes=who.themes,
        can_help_with=who.offers and f"{who.offers} van {name}",
        looking_for=who.seeks and f"{who.seeks} voor {name}",
        visible_to=who.visible_to,
        language="nl",
    )


@pytest.mark.parametrize("ground", ["embedded"], indirect=True)
def test_no_page_shows_or_counts_or_denies_who_was_not_opened(world: World) -> None:
    stage = Stage(world)

    @settings(max_examples=15)
    @given(network=networks, viewer=st.sampled_from(PEOPLE))
    def look(network: Network, viewer: str) -> None:
        stage.plays(network)
        look_around(stage, network, viewer)

    look()


def look_around(stage: Stage, network: Network, viewer: str) -> None:
    """Every page that shows others, every filter and every address, as ``viewer``."""
    opened = network.opened_to(viewer)

    def shows(page: str, expected: Collection[str]) -> None:
        answer = stage.get(viewer, page)
        assert names_in(answer) == sorted(expected), (viewer, page)
        counted = re.search(r"<p>(\d+) (?:persoon|mensen)</p>", answer.text)
        assert counted is None or int(counted[1]) == len(expected)
        tells_of_nobody_else(answer, opened | {viewer})

    def of(fits: Callable[[Somebody], bool]) -> set[str]:
        return {name for name in opened if fits(network.people[name])}

    shows("/people", opened)
    shows("/people?help=hout", of(lambda who: who.offers == "hout"))
    shows("/people?q=asfalt", of(lambda who: "asfalt" in (who.offers, who.seeks)))
    shows("/people?targetGroup=inkoper", of(lambda who: who.role == "inkoper"))
    shows("/people?region=PV26", of(lambda who: who.region == "PV26"))
    shows("/people?theme=klimaat", of(lambda who: "klimaat" in who.themes))
    for number, facts in enumerate(stage.meetings):
        mine = number in network.took_part(viewer)
        shows(f"/people?meeting={facts.slug}", {name for name in opened if mine and number in network.took_part(name)})
    for name in PEOPLE:
        page = f"/people/{stage.ids[name]}"
        if name in opened:
            assert stage.get(viewer, page).status_code == 200
            tells_of_nobody_else(stage.get(viewer, page), {viewer, name})
        elif name != viewer:
            for about in ("", "/report", "/sparring"):
                assert same_as_nobody(stage.get(viewer, page + about), stage.get(viewer, f"/people/nobody{about}"))
            for act in ("/report", "/block"):
                answers = [stage.post(viewer, each + act, text="-") for each in (page, "/people/nobody")]
                assert same_as_nobody(*answers)
    for page in ("", "/suggestions"):
        tells_of_nobody_else(stage.get(viewer, page), opened | {viewer})


def tells_of_nobody_else(answer: TestResponse, known: Collection[str]) -> None:
    """No name, no word of what was said and no address of another stands on the page."""
    for name in set(PEOPLE) - set(known):
        assert name not in answer.text
    assert not any(address(name) in answer.text for name in PEOPLE)


def same_as_nobody(answer: TestResponse, nobody: TestResponse) -> bool:
    """Whether the answer is the one about somebody who is not there, but for the number and address of the request."""
    mine, its = (re.sub(r"/people/[\w/-]+|<p class=\"hint\">.*?</p>", "", each.text) for each in (answer, nobody))
    return (answer.status_code, mine) == (404, its)


def test_the_lookups_agree_with_what_people_chose(world: World) -> None:
    """The same of the lookups alone, in both databases, and of who is suggested."""
    stage = Stage(world)

    @settings(max_examples=30)
    @given(network=networks)
    def look(network: Network) -> None:
        stage.plays(network)
        with world.service.database.reading() as session:
            for name in PEOPLE:
                viewer = profile_of(session, address(name))
                assert viewer is not None
                rows, count = directory(session, viewer, Wanted(), 1)
                assert {row.name for row in rows} == network.opened_to(name)
                assert count == len(rows)
                suggested = {each.profile.name for each in suggest(viewer, rows, 10)}
                assert suggested == {row.name for row in rows if fits(network.people[name], network.people[row.name])}

    look()


def fits(mine: Somebody, theirs: Somebody) -> bool:
    """Whether an offer fits a question: the words are the same, or a theme."""
    return bool(mine.seeks and theirs.offers and (mine.seeks == theirs.offers or set(mine.themes) & set(theirs.themes)))

"""Whatever people of the network do, in whatever order: nobody's address or words reach whom they were not opened to.

All mails and all pages are read. Who may read what is written here once more: an address is opened to somebody when the
two agree on a talk; what somebody asks is for the one who is asked.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from services.notifications.actions.subscribe import unsubscribe
from services.registration.actions.answer_spar import answer_spar
from services.registration.actions.ask_to_spar import Wish, ask_to_spar
from services.registration.actions.block_person import block_person
from services.registration.actions.keep_profile import Profile, keep_profile
from services.registration.actions.leave_network import leave_network
from services.registration.actions.person_sign_in import sign_in_person
from services.registration.queries.network import profile_of, visible_profile
from services.registration.rules.sparring import NotNow, Step, Talk, accept, decline, end, propose
from services.registration.tables import person_link, profile, sparring
from shared.db.transaction import new_id
from shared.events.sparring import Side
from shared.web.access import PERSON_COOKIE
from tests.journeys.kring import BASE_URL, Kring
from tests.notifications.answering import answer
from tests.notifications.office import OURS, Mail

PEOPLE = ("Anna", "Bram", "Cor")
_DAY = timedelta(days=1)
LINKS = re.compile(rf"{re.escape(BASE_URL)}(/registration/sparring/\S+)")

acts = st.lists(
    st.tuples(
        st.sampled_from(
            ["ask", "ask", "accept", "accept", "propose", "decline", "end", "block", "leave", "quiet", "no", "counter"]
        ),
        st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
    ),
    min_size=2,
    max_size=9,
)


def address(name: str) -> str:
    return f"{name.lower()}@gemeente.example"


@dataclass
class Stage:
    """One installation, in which one story after the other takes place, each with people who are new."""

    kring: Kring
    number: int = 0
    talks: int = 0
    agreed: set[frozenset[str | None]] = field(default_factory=set)
    asked: dict[str, tuple[str, str]] = field(default_factory=dict)
    mails: dict[str, list[Mail]] = field(default_factory=dict)

    def begin(self) -> None:
        self.agreed, self.asked, self.mails = set(), {}, {}
        self.number += 1
        self.kring.clock.forward(days=40)
        with self.registration.begin() as tx:
            for name in PEOPLE:
                email = address(f"{name}{self.number}")
                said: dict[str, Any] = {"name": f"{name}{self.number}", "target_group": "inkoper", "organisation": ""}
                more: dict[str, Any] = {"region": None, "themes": (), "can_help_with": "", "looking_for": ""}
                keep_profile(tx, email, email, Profile(**said, **more, visible_to="network", language="nl"))

    def do(self, act: str, one: str, two: str) -> None:
        one, two = f"{one}{self.number}", f"{two}{self.number}"
        match act:
            case "ask" if one != two:
                self._ask(one, two)
            case "accept":  # whoever can
                for name in PEOPLE:
                    self._answer(act, f"{name}{self.number}")
            case "propose" | "decline" | "end":
                self._answer(act, one)
            case "block" | "leave":
                self._go(act, one, two)
            case "quiet":
                with self.kring.assembly.notifications.database.begin() as tx:
                    unsubscribe(tx, OURS.fingerprint(address(one)), "network")
            case "no" | "counter":
                self._in_calendar(act, one)
        self.read_mail()

    def read_mail(self) -> None:
        for to, mails in self.kring.new_mail().items():
            self.mails.setdefault(to, []).extend(mails)

    def _ask(self, one: str, two: str) -> None:
        words = f"vraag-{len(self.asked)}-{self.number}-van-{one}"
        with self.registration.begin() as tx:
            asker, other = profile_of(tx.session, address(one)), profile_of(tx.session, address(two))
            seen = visible_profile(tx.session, asker, other.id) if asker and other else None
            times = (self.kring.clock.now.replace(hour=9) + _DAY * 3,)
            if asker and seen and ask_to_spar(tx, asker, seen, Wish(words=words, times=times)) is None:
                self.asked[words] = (one, two)

    def _answer(self, act: str, one: str) -> None:
        """Press the same button on the page of every talk."""
        with self.registration.begin() as tx:
            names = {each.id: each.name for each in tx.session.execute(select(profile))}
            for row in tx.session.execute(select(sparring).order_by(sparring.c.id)).all():
                pair = (names.get(row.asker_id), names.get(row.asked_id))
                if one not in pair or None in pair:
                    continue
                side: Side = "asker" if pair[0] == one else "asked"
                step = partial(_step, act, side=side, now=tx.now)
                if answer_spar(tx, row.id, step) is None and act == "accept":
                    self.agreed.add(frozenset(pair))
                    self.talks += 1

    def _go(self, act: str, one: str, two: str) -> None:
        with self.registration.begin() as tx:
            me, other = profile_of(tx.session, address(one)), profile_of(tx.session, address(two))
            if act == "leave" and me:
                leave_network(tx, me.id)
            elif me and other and one != two:
                block_person(tx, me.id, other)

    def _in_calendar(self, act: str, one: str) -> None:
        invited = [
            mail for mail in self.mails.get(address(one), []) if mail.calendars and mail.entry.method == "REQUEST"
        ]
        if invited:
            changes = {"METHOD": "COUNTER", "DTSTART": f"{self.kring.clock.now + _DAY * 6:%Y%m%dT090000Z}"}
            partstat, more = ("DECLINED", {}) if act == "no" else ("TENTATIVE", changes)
            self.kring.drop(answer(invited[-1], partstat, at=self.kring.clock.now, **more))

    def seen_by(self, name: str) -> list[str]:
        """All mails to somebody, what their links open, and all their pages about talks."""
        mails = self.mails.get(address(name), [])
        seen = [mail.source.decode() + mail.text + mail.html + mail.subject for mail in mails]
        seen += [calendar.decode() for mail in mails for calendar in mail.calendars]
        seen += [self.kring.visitor().open(link).text for mail in mails for link in LINKS.findall(mail.text)]
        visitor = self.kring.visitor()
        visitor.client.set_cookie(PERSON_COOKIE, self._signed_in(name))
        mine = visitor.get("/registration/network/sparring").text
        pages = re.findall(r'href="(/registration/sparring/t/[0-9a-f-]+)"', mine)
        return [*seen, mine, *(visitor.get(page).text for page in pages)]

    def _signed_in(self, name: str) -> str:
        with self.registration.begin() as tx:
            link = {"id": new_id(), "address_key": address(name), "language": "nl", "valid_until": tx.now + _DAY}
            tx.session.execute(insert(person_link), link)
            used = sign_in_person(tx, link["id"])
        assert used
        return used[0]

    @property
    def registration(self) -> Any:
        return self.kring.assembly.registration.database


def _step(act: str, talk: Talk, side: Side, now: datetime) -> Step | NotNow:
    match act:
        case "accept":
            return accept(talk, side, talk.times[0], now) if talk.times else "over"
        case "propose":
            return propose(talk, side, now + _DAY * 5, now)
        case "decline":
            return decline(talk, side, now)
    return end(talk, side, now)


@pytest.mark.parametrize("ground", ["embedded"], indirect=True)
def test_nobodys_address_or_words_reach_whom_they_were_not_opened_to(kring: Kring) -> None:
    stage = Stage(kring)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(acts)
    def tell(story: list[tuple[str, str, str]]) -> None:
        stage.begin()
        for act, one, two in story:
            stage.do(act, one, two)
        everyone = [f"{name}{stage.number}" for name in PEOPLE]
        for reader in everyone:
            seen = "\n".join(stage.seen_by(reader))
            for other in set(everyone) - {reader}:
                if frozenset({reader, other}) not in stage.agreed:
                    assert address(other) not in seen, f"{reader} reads the address of {other}"
            for words, (asker, asked) in stage.asked.items():
                if reader not in (asker, asked):
                    assert words not in seen, f"{reader} reads what {asker} asks {asked}"

    tell()
    assert stage.talks, "nobody ever agreed, so nothing was shown"

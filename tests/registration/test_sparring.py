"""Talks for two, as the two see them in the network; what reaches them by mail is told in the journeys."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.registration.tables import profile
from shared.events.catalog import Meeting
from shared.events.notifications import InvitationCountered, InvitationDeclined, Reply
from tests.builders import tell
from tests.registration.conftest import World, csrf
from tests.registration.members import address_of, card_link, joins, know_words, presses, reads

QUESTION = "Hoe neemt u hergebruik op in een aanbesteding?"
MONDAY, TUESDAY = "2027-05-31T10:00", "2027-06-01T14:00"


@pytest.fixture
def facts(world: World) -> Meeting:
    know_words(world)
    facts = world.publish(target_groups=())
    for name in ("Anna", "Bram"):
        joins(world, name, facts, organisation=f"Gemeente {name}")
    return facts


def asks(world: World, name: str, other: str, **wish: Any) -> TestResponse:
    """This participant opens the other's page in the directory and asks them to talk something over."""
    page = card_link(reads(world, name, "/people"), other)
    return presses(world, name, f"{page}/sparring", **{"words": QUESTION, **wish})


def talk_page(world: World, name: str, number: int = 0) -> str:
    """Where a line on this participant's page of talks leads, the newest first."""
    shown = reads(world, name, "/sparring").text
    links = [part.partition('"')[0] for part in shown.split('<th scope="row"><a href="')[1:]]
    return links[number]


def does(world: World, name: str, what: str, number: int = 0, **typed: str) -> TestResponse:
    """This participant presses a button on the page of a talk, and sees what comes of it."""
    page = talk_page(world, name, number)
    sent = {"csrf_token": csrf(world.visitor.get(page)), **typed}
    return world.visitor.post(f"{page}/{what}", data=sent, follow_redirects=True)


def stands(world: World, name: str) -> list[str]:
    """How each talk stands on this participant's page, the newest first."""
    shown = reads(world, name, "/sparring").text
    return [part.partition("<td>")[2].partition("</td>")[0].strip() for part in shown.split("</tr>")[1:-1]]


@pytest.mark.usefixtures("facts")
def test_a_request_names_the_asker_without_an_address_until_both_agreed(world: World) -> None:
    assert asks(world, "Anna", "Bram", first=MONDAY, second=TUESDAY).status_code == 303
    (asked,) = (told.sparring for told in world.told("spar.asked"))
    assert (asked.asker.name, asked.asker.organisation, asked.asker.email) == ("Anna", "Gemeente Anna", None)
    assert (asked.asked.email, asked.words, len(asked.times)) == (address_of("Bram"), QUESTION, 2)
    assert stands(world, "Anna") == ["open"]
    assert stands(world, "Bram") == ["u bent aan zet"]
    shown = world.visitor.get(talk_page(world, "Bram"))
    assert QUESTION in shown.text
    assert address_of("Anna") not in shown.text

    agreed = does(world, "Bram", "choice", time="2027-06-01T12:00:00Z", place="https://bellen.example/1")
    assert "U sprak een moment af" in agreed.text
    assert address_of("Anna") in agreed.text
    (accepted,) = (told.sparring for told in world.told("spar.accepted"))
    assert (accepted.asker.email, accepted.asked.email) == (address_of("Anna"), address_of("Bram"))
    assert (accepted.online_url, accepted.place) == ("https://bellen.example/1", "")


@pytest.mark.usefixtures("facts")
def test_another_moment_waits_for_the_other_and_what_was_agreed_stays_until_then(world: World) -> None:
    asks(world, "Anna", "Bram")
    assert "U mag een moment voorstellen" in world.visitor.get(talk_page(world, "Bram")).text
    does(world, "Bram", "proposal", moment=MONDAY)
    assert does(world, "Bram", "proposal", moment=TUESDAY).status_code == 409  # Anna is to answer
    does(world, "Anna", "choice", time="2027-05-31T08:00:00Z")

    does(world, "Anna", "proposal", moment=TUESDAY)
    kept = does(world, "Bram", "refusal")
    assert "maandag 31 mei 2027, 10.00 uur" in kept.text
    does(world, "Anna", "proposal", moment=TUESDAY)
    does(world, "Bram", "choice", time="2027-06-01T12:00:00Z")
    (moved,) = (told.sparring for told in world.told("spar.moved"))
    assert (moved.starts_at.isoformat(), moved.status) == ("2027-06-01T12:00:00+00:00", "agreed")


@pytest.mark.usefixtures("facts")
def test_whoever_was_asked_without_a_moment_proposes_the_first_one(world: World) -> None:
    asks(world, "Anna", "Bram", minutes="45", place="Telefonisch")
    asked = world.visitor.get(talk_page(world, "Bram")).text
    assert "45 minuten, Telefonisch" in asked
    assert "Een moment dat u uitkomt" in asked
    assert "Een ander moment" not in asked

    waits = does(world, "Bram", "proposal", moment=MONDAY).text
    assert "Uw voorstel staat open" in waits
    assert "Mijn voorstel intrekken" in waits
    assert "maandag 31 mei 2027, 10.00 uur" in waits
    answers = world.visitor.get(talk_page(world, "Anna")).text
    assert "Een ander moment" in answers
    assert 'value="Telefonisch"' in answers
    agreed = does(world, "Anna", "choice", time="2027-05-31T08:00:00Z", place="Bij Anna").text
    assert "45 minuten<br>Bij Anna" in agreed


@pytest.mark.usefixtures("facts")
def test_each_moment_that_is_past_is_refused_beside_it_and_so_is_what_else_is_wrong(world: World) -> None:
    refused = asks(world, "Anna", "Bram", words="", first=MONDAY, second="2020-05-31T10:00", third="2090-05-31T10:00")
    assert refused.status_code == 400
    assert [f'id="{name}-error"' in refused.text for name in ("words", "first", "second", "third")] == [
        True,
        False,
        True,
        True,
    ]
    assert f'value="{MONDAY}"' in refused.text
    assert world.told("spar.asked") == []


@pytest.mark.usefixtures("facts")
def test_what_a_calendar_says_moves_or_ends_the_talk(world: World) -> None:
    asks(world, "Anna", "Bram", first=MONDAY)
    does(world, "Bram", "choice", time="2027-05-31T08:00:00Z")
    talk = world.told("spar.accepted")[0].sparring
    reply = Reply(invitation_id="0" * 36, meeting_id=talk.id, answered_at=world.clock.now, side="asked")
    later = talk.starts_at + timedelta(days=1)
    tell(world.service, InvitationCountered(reply=reply, starts_at=later), 1)
    assert stands(world, "Anna") == ["afgesproken"]
    assert "dinsdag 1 juni 2027, 10.00 uur" in world.visitor.get(talk_page(world, "Anna")).text

    tell(world.service, InvitationDeclined(reply=reply), 2)
    assert stands(world, "Anna") == stands(world, "Bram") == ["gaat niet door"]
    assert world.told("spar.ended")[-1].sparring.by == "asked"


@pytest.mark.usefixtures("facts")
def test_silence_runs_out_and_is_told_to_nobody(world: World) -> None:
    asks(world, "Anna", "Bram", first="2027-06-20T10:00")
    world.clock.now += timedelta(days=14)
    world.service.worker.part("due").pulse()
    assert stands(world, "Anna") == ["verlopen"]
    (ended,) = (told.sparring for told in world.told("spar.ended"))
    assert (ended.by, ended.asker.email, ended.asked.email) == (None, None, None)


@pytest.mark.usefixtures("facts")
def test_who_is_blocked_learns_no_more_than_who_is_not_answered(world: World) -> None:
    asks(world, "Anna", "Bram", first=MONDAY)
    page = card_link(reads(world, "Bram", "/people"), "Anna")
    link = "/registration/sparring/" + world.links.sign(
        "sparring", f"{world.told('spar.asked')[0].sparring.id}/asked", 1
    )
    presses(world, "Bram", page, f"{page}/block")

    assert stands(world, "Anna") == ["open"]
    assert stands(world, "Bram") == []
    shown = world.service.app.test_client().get(link, follow_redirects=True)
    assert "staat niet meer open" in shown.text
    assert QUESTION not in shown.text
    nobody = reads(world, "Anna", "/people/0197b1f0-0000-7000-8000-000000000041/sparring")
    blocked = reads(world, "Anna", card_gone(world, "Bram"))
    assert (blocked.status_code, nobody.status_code) == (404, 404)
    world.clock.now += timedelta(days=14)
    world.service.worker.part("due").pulse()
    assert stands(world, "Anna") == ["verlopen"]


def card_gone(world: World, name: str) -> str:
    """The page to ask somebody who was there once."""
    with world.service.database.reading() as session:
        mine = select(profile.c.id).where(profile.c.name == name)
        return f"/people/{session.scalar(mine)}/sparring"


def test_nobody_is_asked_without_end(world: World, facts: Meeting) -> None:
    """Five requests open for one person; ten a week reach one person, and the eleventh asker sees no difference."""
    others = [f"Deelnemer{number}" for number in range(11)]
    for name in others:
        joins(world, name, facts)
        assert asks(world, name, "Bram").status_code == 303
        assert stands(world, name) == ["open"]
    assert len(stands(world, "Bram")) == 10
    assert len(world.told("spar.asked")) == 10

    for name in others[:5]:
        assert asks(world, "Anna", name).status_code == 303
    refused = asks(world, "Anna", others[5])
    assert refused.status_code == 400
    assert "5 verzoeken" in refused.text
    assert QUESTION in refused.text
    again = asks(world, "Anna", others[0])
    assert "laatste twee weken" in again.text


def test_a_link_opens_one_side_of_one_talk_and_changes_nothing_by_itself(world: World, facts: Meeting) -> None:
    asks(world, "Anna", "Bram", first=MONDAY)
    talk = world.told("spar.asked")[0].sparring
    browser = world.service.app.test_client()
    page = browser.get(
        "/registration/sparring/" + world.links.sign("sparring", f"{talk.id}/asked", 1), follow_redirects=True
    )
    assert QUESTION in page.text
    assert world.told("spar.accepted") == []
    sent = {"csrf_token": csrf(page), "time": "2027-05-31T08:00:00Z"}
    browser.post(f"/registration/sparring/t/{talk.id}/choice", data=sent)
    assert len(world.told("spar.accepted")) == 1
    assert browser.get("/registration/network/sparring").status_code == 303
    joins(world, "Clara", facts)
    assert world.visitor.get(f"/registration/sparring/t/{talk.id}").status_code == 404
    assert (
        browser.get("/registration/sparring/" + world.links.sign("sparring", f"{talk.id}/asked", 2)).status_code == 404
    )


def test_who_leaves_ends_what_was_to_come_and_the_other_keeps_no_name(world: World, facts: Meeting) -> None:
    asks(world, "Anna", "Bram", first=MONDAY)
    does(world, "Bram", "choice", time="2027-05-31T08:00:00Z")
    joins(world, "Clara", facts)
    asks(world, "Anna", "Clara", first=MONDAY)

    presses(world, "Anna", "/leaving")

    ended = world.told("spar.ended")
    assert [told.sparring.asked.name for told in ended] == ["Bram", ""]  # of Clara nothing came: nobody is named
    assert stands(world, "Clara") == []
    shown = reads(world, "Bram", "/sparring").text
    assert "iemand die het netwerk verliet" in shown
    one = world.visitor.get(talk_page(world, "Bram")).text
    assert "Anna" not in one
    assert QUESTION not in one

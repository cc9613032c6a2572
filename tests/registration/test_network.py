"""The network: who wants to be found says so, and is found by whom they chose."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Table, func, select

from services.registration.actions.erase_person import erase_person
from services.registration.actions.keep_profile import Profile, keep_profile
from services.registration.tables import erasure, limits, network_block, network_hiding, network_report
from shared.db.ledger import Ledger
from shared.db.retention import apply_terms
from shared.events.catalog import Meeting, MeetingCancelled, SeatPlan
from shared.people.pseudonyms import Pseudonyms
from tests.builders import UTRECHT, tell
from tests.registration.conftest import LINK_KEY, World, comes_as, status_of
from tests.registration.members import (
    NETWORK,
    address_of,
    card_link,
    found_by,
    joins,
    know_words,
    names_in,
    presses,
    reads,
)


@pytest.fixture
def facts(world: World) -> Meeting:
    know_words(world)
    return world.publish(target_groups=(), title={"nl": "Samen inkopen"})


def test_who_had_a_seat_may_join_and_nobody_is_in_it_by_themselves(world: World, facts: Meeting) -> None:
    """The page says what the network is to everyone; the profile begins with what we know and nothing is ticked."""
    stranger = world.visitor.get(NETWORK)
    assert stranger.status_code == 200
    assert "Als u niets doet, vindt niemand u" in stranger.text
    assert "Inloggen" in stranger.text
    assert world.visitor.get(f"{NETWORK}/people").status_code == 303  # to the page to sign in

    world.publish(target_groups=())
    world.sign_up(facts, "Anna", organisation="Waterschap Voorbeeld")
    start = reads(world, "Anna")
    assert "Mijn profiel maken" in start.text
    form = reads(world, "Anna", "/profile")
    assert 'value="Waterschap Voorbeeld"' in form.text
    assert "checked" not in form.text
    refused = presses(
        world, "Anna", "/profile", name="Anna", targetGroup="inkoper", canHelpWith="Koffie zonder plastic"
    )
    assert refused.status_code == 400
    assert "alleen mee aan het netwerk als u dat goedvindt" in refused.text
    assert "Koffie zonder plastic" in refused.text
    assert reads(world, "Anna", "/people").status_code == 303  # who is not found by others does not look at them

    joins(world, "Anna")
    assert found_by(world, "Anna") == []
    joins(world, "Bram", facts)
    assert found_by(world, "Bram") == ["Anna"]


def test_who_never_had_a_seat_is_told_when_they_can_join(world: World) -> None:
    tiny = world.publish(target_groups=(), seat_plan=SeatPlan(capacity=1))
    world.sign_up(tiny, "Anna")
    world.sign_up(tiny, "Bram")
    assert status_of(world, "Bram") == "waitlisted"
    assert "zodra u een plek heeft" in reads(world, "Bram").text
    assert reads(world, "Bram", "/profile").status_code == 403


def test_people_are_found_by_words_role_region_theme_and_offer(world: World, facts: Meeting) -> None:
    joins(world, "Anna", facts)
    joins(world, "Zoe", facts, region="PV31", themes="klimaat", canHelpWith="Hergebruik van gebouwen in Fryslân")
    joins(world, "Bram", facts, targetGroup="bestuurder", lookingFor="Voorbeelden van het hergebruiken van asfalt")
    assert found_by(world, "Anna") == ["Bram", "Zoe"]
    assert found_by(world, "Anna", "q=hergebruik") == ["Bram", "Zoe"]
    assert found_by(world, "Anna", "q=FRYSLAN") == ["Zoe"]
    assert found_by(world, "Anna", "q=asf") == ["Bram"]
    assert found_by(world, "Anna", "help=hergebruik") == ["Zoe"]
    assert found_by(world, "Anna", "q=asfalt+gebouwen") == []
    assert found_by(world, "Anna", "targetGroup=bestuurder") == ["Bram"]
    assert found_by(world, "Anna", "region=PV31") == ["Zoe"]
    assert found_by(world, "Anna", "theme=klimaat") == ["Zoe"]
    wrong = reads(world, "Anna", "/people?region=nowhere&meeting=unknown")
    assert wrong.status_code == 400
    assert names_in(wrong) == []

    one = reads(world, "Anna", card_link(reads(world, "Anna", "/people"), "Zoe"))
    assert "Hergebruik van gebouwen in Fryslân" in one.text
    assert "Samen inkopen" in one.text  # they were there both
    for page in (one, reads(world, "Anna", "/people")):
        assert "@gemeente.example" not in page.text
        assert page.headers["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in page.text


def test_one_finds_who_else_was_at_ones_own_meetings(world: World, facts: Meeting) -> None:
    elsewhere = world.publish(target_groups=())
    joins(world, "Anna", facts, visibleTo="meeting")
    joins(world, "Bram", facts, visibleTo="meeting")
    joins(world, "Cor", elsewhere, visibleTo="meeting")
    joins(world, "Dirk", elsewhere)
    assert found_by(world, "Anna") == ["Bram", "Dirk"]
    assert found_by(world, "Anna", f"meeting={facts.slug}") == ["Bram"]
    assert facts.slug in reads(world, "Anna").text
    of_others, of_nobody = (reads(world, "Anna", f"/people?meeting={slug}") for slug in (elsewhere.slug, "unknown"))
    assert (of_others.status_code, of_nobody.status_code) == (400, 400)
    called_off = replace(facts, status="cancelled", revision=2)
    tell(world.service, MeetingCancelled(meeting=called_off, reason="Storm"))
    assert found_by(world, "Anna") == ["Dirk"]


def test_suggestions_fit_the_question_and_say_why(world: World, facts: Meeting) -> None:
    joins(world, "Anna", facts, region="PV26", themes="klimaat", lookingFor="Wat is er over circulaire bouw?")
    joins(world, "Bram", facts, canHelpWith="Circulair bouwen, en meer")
    joins(world, "Cor", facts, region="PV26", themes="klimaat", canHelpWith="Zonnepanelen")
    joins(world, "Dirk", facts, region="PV26", targetGroup="bestuurder", canHelpWith="Wat is er over vergaderen?")
    joins(world, "Els", facts, region="PV26", themes="klimaat")  # offers nothing
    page = reads(world, "Anna", "/suggestions")
    assert names_in(page) == ["Bram", "Cor"]
    bram, cor = (
        next(part for part in page.text.split('<li class="card">') if name in part) for name in ("Bram", "Cor")
    )
    assert "het aanbod noemt circulaire, bouw; u heeft dezelfde rol" in bram
    assert "u deelt het thema Klimaat; u komt uit dezelfde regio; u heeft dezelfde rol" in cor
    assert "Zeg in uw profiel wat u zoekt" in reads(world, "Bram", "/suggestions").text


def test_who_is_blocked_is_gone_for_both_also_after_coming_back(world: World, facts: Meeting) -> None:
    joins(world, "Anna", facts)
    joins(world, "Bram", facts)
    bram = card_link(reads(world, "Anna", "/people"), "Bram")
    anna = card_link(reads(world, "Bram", "/people"), "Anna")
    assert presses(world, "Anna", bram, f"{bram}/block").status_code == 303
    assert found_by(world, "Anna") == found_by(world, "Bram") == []
    assert reads(world, "Bram", anna).status_code == reads(world, "Bram", "/people/nobody").status_code == 404
    assert reads(world, "Bram", anna).text.count("Anna") == 0
    assert presses(world, "Bram", "/leaving").status_code == 303
    joins(world, "Bram")
    assert found_by(world, "Anna") == found_by(world, "Bram") == []

    blocks = reads(world, "Anna", "/blocks")
    assert "Bram" in blocks.text
    assert address_of("Bram") not in blocks.text
    _renew, lift = re.findall(r'action="\S+(/blocks/\S+)"', blocks.text)
    presses(world, "Bram", "/leaving", lift)  # nobody lifts the block of another
    assert found_by(world, "Bram") == []
    assert presses(world, "Anna", "/blocks", lift).status_code == 303
    assert found_by(world, "Bram") == ["Anna"]


def test_what_is_reported_is_looked_into_and_who_is_hidden_reads_why(world: World, facts: Meeting) -> None:
    joins(world, "Anna", facts)
    joins(world, "Bram", facts)
    bram = card_link(reads(world, "Anna", "/people"), "Bram")
    assert presses(world, "Anna", f"{bram}/report", text="Hij verkoopt hier verzekeringen.").status_code == 201
    comes_as(world, "organiser", regions=[UTRECHT.code])
    assert world.visitor.get(f"{NETWORK}/reports").status_code == 403

    comes_as(world, "manager")
    reports = world.visitor.get(f"{NETWORK}/reports")
    report = reports.text.partition(f'href="{NETWORK}/reports/')[2].partition('"')[0]
    decide = f"/reports/{report}"
    assert "Hij verkoopt hier verzekeringen." in world.visitor.get(NETWORK + decide).text
    nameless = presses(world, "Anna", decide, decision="hidden")
    assert "Zeg waarom" in nameless.text
    assert presses(world, "Anna", decide, decision="hidden", reason="Geen reclame").status_code == 303
    assert found_by(world, "Anna") == found_by(world, "Bram") == []
    assert "Geen reclame" in reads(world, "Bram").text
    presses(world, "Bram", "/leaving")
    joins(world, "Bram")  # does not help
    assert found_by(world, "Anna") == []

    presses(world, "Anna", "/reports", "/reports/hidden", person=address_of("Bram"))
    assert found_by(world, "Anna") == ["Bram"]


def test_a_manager_hides_whom_nobody_reported_and_what_was_decided_ends_by_itself(world: World, facts: Meeting) -> None:
    joins(world, "Anna", facts)
    joins(world, "Bram", facts, visibleTo="meeting")
    comes_as(world, "manager")
    assert "Bram" in world.visitor.get(f"{NETWORK}/reports/people?q=bram").text
    assert "Bram" in world.visitor.get(f"{NETWORK}/reports/people?q={address_of('Bram')}").text
    found = world.visitor.get(f"{NETWORK}/reports/people?q=RAM").text
    bram = found.partition(f'href="{NETWORK}/reports/people/')[2].partition('"')[0]
    assert presses(world, "Anna", f"/reports/people/{bram}").status_code == 400  # without a reason
    assert found_by(world, "Anna") == ["Bram"]
    presses(world, "Anna", f"/people/{bram}", f"/people/{bram}/block")
    joins(world, "Cor", facts)
    presses(world, "Cor", f"/people/{bram}/report", text="Hij verkoopt verzekeringen.")
    assert presses(world, "Anna", f"/reports/people/{bram}", reason="Reclame").status_code == 303
    assert found_by(world, "Cor") == ["Anna"]
    assert "Er is niets om naar te kijken" in world.visitor.get(f"{NETWORK}/reports").text
    assert "en u ziet niemand, tot " in reads(world, "Bram").text

    def left(table: Table) -> int:
        with world.service.database.begin() as tx:
            apply_terms(tx, world.service.terms, "system")
            return int(tx.session.scalar(select(func.count()).select_from(table)) or 0)

    world.clock.now += timedelta(days=366)
    assert [left(table) for table in (network_report, network_hiding, network_block)] == [0, 1, 1]
    world.clock.now += timedelta(days=365)
    assert [left(table) for table in (network_hiding, network_block)] == [0, 1]  # Bram still takes part
    renew, _lift = re.findall(r'action="\S+(/blocks/\S+)"', reads(world, "Anna", "/blocks").text)
    presses(world, "Bram", "/leaving")
    assert presses(world, "Anna", "/blocks", renew).status_code == 303
    world.clock.now += timedelta(days=730)
    assert left(network_block) == 1
    presses(world, "Cor", "/leaving", renew)  # nobody renews the block of another
    world.clock.now += timedelta(days=1)
    assert left(network_block) == 0


def test_leaving_erases_everything_at_once(world: World, facts: Meeting) -> None:
    for name in ("Anna", "Bram", "Cor"):
        joins(world, name, facts)
    bram, cor = (card_link(reads(world, "Anna", "/people"), name) for name in ("Bram", "Cor"))
    presses(world, "Anna", f"{bram}/report", text="Verzekeringen")
    presses(world, "Anna", bram, f"{bram}/block")
    anna = card_link(reads(world, "Cor", "/people"), "Anna")
    presses(world, "Cor", f"{anna}/report", text="Ook verzekeringen")
    assert presses(world, "Anna", "/leaving").status_code == 303
    assert found_by(world, "Cor") == ["Bram"]
    assert reads(world, "Cor", anna).status_code == 404
    assert reads(world, "Anna", cor).status_code == 303
    comes_as(world, "manager")
    assert "Er is niets om naar te kijken" in world.visitor.get(f"{NETWORK}/reports").text
    joins(world, "Anna")
    assert "U heeft niemand geblokkeerd" in reads(world, "Anna", "/blocks").text


def test_what_others_wanted_of_somebody_who_was_erased_holds_again_when_they_come_back(
    world: World, facts: Meeting
) -> None:
    """Until then nothing of who it was is left."""
    joins(world, "Anna", facts)
    joins(world, "Bram", facts)
    bram = card_link(reads(world, "Anna", "/people"), "Bram")
    presses(world, "Anna", bram, f"{bram}/block")
    ledger = Ledger(erasure, Pseudonyms([LINK_KEY]))
    with world.service.database.begin() as tx:
        erase_person(tx, ledger, ledger.pseudonyms.of(address_of("Bram")), world.clock.now)
    blocks = reads(world, "Anna", "/blocks")
    assert "Bram" not in blocks.text
    assert "Iemand die met het netwerk is gestopt" in blocks.text
    with world.service.database.reading() as session:
        assert address_of("Bram") not in session.scalars(select(network_block.c.blocked_key)).all()

    world.clock.now += timedelta(minutes=1)
    joins(world, "Bram", world.publish(target_groups=()))
    assert found_by(world, "Bram") == found_by(world, "Anna") == []


def rows_of(world: World, table: Table) -> list[tuple[object, ...]]:
    with world.service.database.reading() as session:
        return [tuple(row) for row in session.execute(select(table))]


def test_nobody_can_copy_the_network(make_world: Callable[..., World]) -> None:
    """So many profiles a day, whatever one searches and in however many browsers; tomorrow one can look on.

    Reading writes nothing, not even how much was read.
    """
    world = make_world(limits=0.01)
    know_words(world)
    facts = world.publish(target_groups=())
    for name in ("Anna", "Bram", "Cor", "Dirk"):
        joins(world, name, facts)
    counted = rows_of(world, limits)
    assert len(found_by(world, "Anna")) == 3
    too_many = reads(world, "Anna", "/people?q=bram+or")
    assert too_many.status_code == 200  # nobody was shown
    too_many = reads(world, "Anna", "/people")
    assert too_many.status_code == 429
    assert "Morgen kunt u verder kijken" in too_many.text
    assert names_in(too_many) == []
    assert len(found_by(world, "Bram")) == 3
    assert rows_of(world, limits) == counted
    world.clock.now += timedelta(days=1, minutes=1)
    assert len(found_by(world, "Anna")) == 3


def test_two_clicks_at_once_make_one_profile(world: World, facts: Meeting) -> None:
    """Both requests find no profile yet; whoever comes second changes what the first one made."""
    world.sign_up(facts, "Anna")
    said = Profile(
        name="Anna",
        target_group="inkoper",
        organisation="",
        region=None,
        themes=(),
        can_help_with="",
        looking_for="",
        visible_to="network",
        language="nl",
    )
    at_once = Barrier(2)

    def click(name: str) -> str:
        at_once.wait(10)
        with world.service.database.begin() as tx:
            return keep_profile(tx, address_of("Anna"), address_of("Anna"), replace(said, name=name))

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(click, ["Anna", "Annie"]))) == 1
    joins(world, "Bram", facts)
    assert found_by(world, "Bram") in (["Anna"], ["Annie"])

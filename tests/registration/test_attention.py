"""What the desk says that waits for an organiser: the most urgent first, each with the page where it is done."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from shared.events.catalog import Meeting, MeetingChanged, Question, RegistrationTerms, SeatPlan
from shared.events.notifications import AddressBounced
from tests.builders import NOON, a_meeting, tell
from tests.registration.conftest import World, comes_as, id_of

DESK = "/registration/desk"
ASKS = Question(id="diner", label={"nl": "Eet u mee?"}, kind="yes-no", required=True)


def waits(page: str) -> list[tuple[str, str]]:
    """What waits, in its order: the words and the address of each."""
    part = page.partition("Volgende bijeenkomsten")[0]
    found = re.findall(r'<h3><a href="([^"]+)">([^<]+)', part)
    return [(text, path.replace("&amp;", "&")) for path, text in found]


@contextmanager
def questions_to_the_database(world: World) -> Iterator[list[str]]:
    """The statements that are asked in the block."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        del connection, cursor, rest
        asked.append(statement)

    event.listen(world.service.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(world.service.database.engine, "before_cursor_execute", note)


def publish(world: World, slug: str, days: int, **changes: object) -> Meeting:
    """A meeting for everyone, so many days after the one of all stories."""
    starts_at = NOON + timedelta(days=days)
    return world.publish(
        slug=slug, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3), target_groups=(), **changes
    )


@pytest.fixture
def programme(world: World) -> dict[str, Meeting]:
    """A meeting where the organiser approves, one where they give the seats, and one that goes by itself."""
    approves = publish(world, "toelating", 3, registration=RegistrationTerms(approval=True))
    by_hand = publish(world, "met-de-hand", 2, seat_plan=SeatPlan(capacity=2, promotion="manual"))
    plain = publish(world, "gewoon", 0, registration=RegistrationTerms(questionnaire=(ASKS,)))
    for name in ("Anna", "Bram"):
        world.sign_up(approves, name)
        world.sign_up(by_hand, f"{name}2")
        world.sign_up(plain, f"{name}3", answers={"diner": "yes"})
    world.sign_up(by_hand, "Cor2")
    comes_as(world, "manager")
    return {"approves": approves, "by_hand": by_hand, "plain": plain}


def test_what_waits_stands_on_the_desk_with_the_most_urgent_first(world: World, programme: dict[str, Meeting]) -> None:
    larger = SeatPlan(capacity=3, promotion="manual")
    facts = programme["by_hand"]
    tell(
        world.service,
        MeetingChanged(
            meeting=a_meeting(
                id=facts.id,
                slug=facts.slug,
                revision=2,
                starts_at=facts.starts_at,
                ends_at=facts.ends_at,
                seat_plan=larger,
                target_groups=(),
            )
        ),
    )
    lost = AddressBounced(address_id="an-address", registration_ids=(id_of(world, "Anna3"),), since=world.clock())
    tell(world.service, lost)
    page = world.visitor.get(DESK).text

    assert waits(page) == [
        ("1 persoon wacht op een plek die u kunt geven", f"{DESK}/met-de-hand#waiting"),
        ("2 personen vragen om een plek", f"{DESK}/toelating/registrations?status=requested"),
        ("1 persoon krijgt onze mail niet", f"{DESK}/gewoon/registrations?concern=mail-lost"),
    ]
    assert "Vóór donderdag 3 juni 2027, 14.00 uur" in page
    only_them = world.visitor.get(f"{DESK}/gewoon/registrations?concern=mail-lost").text
    assert ("Anna3" in only_them, "Bram3" in only_them) == (True, False)
    assert "1 persoon krijgt onze mail niet" in world.visitor.get(f"{DESK}/gewoon").text


def test_who_left_a_question_open_is_asked_about_when_the_meeting_is_near(
    world: World, programme: dict[str, Meeting]
) -> None:
    facts = programme["plain"]
    more = RegistrationTerms(questionnaire=(ASKS, Question(id="trein", label={"nl": "Met de trein?"}, required=True)))
    tell(
        world.service,
        MeetingChanged(meeting=a_meeting(id=facts.id, slug="gewoon", revision=2, target_groups=(), registration=more)),
    )
    far = world.visitor.get(DESK).text
    world.clock.now = NOON - timedelta(days=10)
    near = waits(world.visitor.get(DESK).text)

    assert "vragen niet beantwoord" not in far
    assert ("2 personen hebben uw vragen niet beantwoord", f"{DESK}/gewoon/registrations?concern=unanswered") in near
    found = world.visitor.get(f"{DESK}/gewoon/registrations?concern=unanswered").text
    assert [name in found for name in ("Anna3", "Bram3")] == [True, True]


def test_after_the_meeting_its_attendance_waits_to_be_closed(world: World, programme: dict[str, Meeting]) -> None:
    del programme
    world.clock.now = NOON + timedelta(hours=4)
    over = world.visitor.get(DESK).text
    past = world.visitor.get(f"{DESK}?past=true").text

    assert ("Aanwezigheid afsluiten", "/registration/check-in/gewoon#closing") in waits(over)
    assert f'href="{DESK}/gewoon"' in past
    assert f'href="{DESK}/toelating"' not in past


def test_organisers_see_their_own_regions_and_a_large_desk_asks_no_more_than_a_small_one(
    world: World, programme: dict[str, Meeting]
) -> None:
    del programme
    publish(world, "elders", 1, regions=())
    comes_as(world, "organiser", regions=["PV26"])
    world.visitor.get(DESK)
    with questions_to_the_database(world) as few:
        small = world.visitor.get(DESK).text
    for number in range(60):
        publish(world, f"nog-{number}", 10 + number)
    with questions_to_the_database(world) as many:
        large = world.visitor.get(DESK).text
    second = world.visitor.get(f"{DESK}?page=2").text

    assert ('/gewoon"' in small, '/elders"' in small) == (True, False)
    assert len(many) == len(few)
    assert 'rel="next"' in large
    assert (f'{DESK}/nog-59"' in large, f'{DESK}/nog-59"' in second) == (False, True)

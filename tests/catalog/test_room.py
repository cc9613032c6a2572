"""What is near, for one's role and soon: seats left per role, what a device remembers, pages that stay up to date."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from shared.events.registration import GroupSeats, SeatsChanged
from tests.builders import tell
from tests.catalog.conftest import World
from tests.catalog.test_pages import page

HERE = {"attendanceMode": "offline", "onlineUrl": ""}
TOLD = SeatsChanged(
    meeting_id="",
    capacity=40,
    taken=37,
    free=3,
    waiting=2,
    target_groups={
        "inkoper": GroupSeats(taken=30, reserved=0, maximum=40, waiting=2, free=3),
        "beleidsmaker": GroupSeats(taken=7, reserved=10, maximum=40, waiting=0, free=3),
    },
)


def told(world: World, meeting: dict[str, Any], **more: Any) -> None:
    tell(world.service, replace(TOLD, meeting_id=meeting["id"], **more))


def test_the_list_says_what_is_left_for_the_role_that_was_asked_for(world: World) -> None:
    told(world, world.publish(**HERE))

    anyone = page(world.public, "/meetings")
    policy = page(world.public, "/meetings?targetGroup=beleidsmaker")
    buyer = page(world.public, "/meetings?targetGroup=inkoper")

    assert "Nog 3 plekken, alleen voor: beleidsmaker" in anyone
    assert "Nog 3 plekken voor deze rol" in policy
    assert "Vol: 2 mensen staan op de wachtlijst" in buyer, "who waits comes first"

    two = GroupSeats(taken=31, reserved=0, maximum=33, waiting=0, free=2)
    told(world, world.publish(**HERE), target_groups={**TOLD.target_groups, "inkoper": two})

    assert "Nog hoogstens 3 plekken: dat hangt af van uw rol" in page(world.public, "/meetings")


def test_the_page_of_a_meeting_says_before_anything_else_whether_one_can_sign_up_and_by_which_rule(
    world: World,
) -> None:
    meeting = world.publish(**HERE, seatPlan={"capacity": 40, "reserved": {"inkoper": 1}, "promotion": "offer"})
    closed = world.publish(**HERE, registration={"closesAt": "2027-05-01T08:00Z"})
    early = world.publish(**HERE, registration={"opensAt": "2027-05-20T08:00Z"})
    for each in (meeting, closed, early):
        told(world, each, free=0, target_groups={})

    full = page(world.public, f"/meetings/{meeting['slug']}")

    assert full.index("Wanneer") < full.index("Aanmelden voor de wachtlijst") < full.index("Voor wie")
    assert "1 plek is vrijgehouden voor de rol inkoper." in full
    assert "Dan bieden wij die aan de eerste op de wachtlijst aan" in full
    assert "https://www.openstreetmap.org/search?query=Stadsplateau+1%2C+3521+AZ+Utrecht" in full
    for other, why in (
        (closed, "Aanmelden is gesloten"),
        (early, "Aanmelden kan vanaf donderdag 20 mei 2027, 10.00 uur"),
    ):
        text = page(world.public, f"/meetings/{other['slug']}")
        assert why in text
        assert f'href="/registration/meetings/{other["slug"]}"' not in text
    world.clock.now = datetime(2027, 5, 21, tzinfo=UTC)
    assert f'href="/registration/meetings/{early["slug"]}"' in page(world.public, f"/meetings/{early['slug']}")


def test_an_open_page_asks_for_the_words_again_and_seldom_gets_an_answer(world: World) -> None:
    meeting = world.publish(**HERE)
    told(world, meeting)
    asked = f"/seats?meeting={meeting['id']}&meeting=nothing&targetGroup=beleidsmaker"

    first = world.public.get(asked, headers={"Accept-Language": "nl"})
    again = world.public.get(asked, headers={"Accept-Language": "nl", "If-None-Match": first.headers["ETag"]})
    english = world.public.get(f"{asked}&lang=en")

    assert first.json == {meeting["id"]: "Nog 3 plekken voor deze rol"}
    assert again.status_code == 304
    assert english.json == {meeting["id"]: "3 seats left for this role"}


def test_a_device_remembers_region_and_role_only_when_asked_to_and_forgets_them(world: World) -> None:
    near, far = world.publish(title={"nl": "Dichtbij"}), world.publish(title={"nl": "Ver weg"}, region="PV20")
    assert world.public.get("/meetings?region=PV26").headers.getlist("Set-Cookie") == []

    kept = world.public.get("/meetings?region=PV26&targetGroup=inkoper&remember=yes")
    back = world.public.get("/meetings")
    shown = page(world.public, back.location)
    start = page(world.public, "/")
    everything = page(world.public, "/meetings?region=")

    assert (kept.status_code, kept.location) == (303, "/meetings?region=PV26&targetGroup=inkoper")
    assert (back.status_code, back.location) == (303, "/meetings?region=PV26&targetGroup=inkoper")
    assert "Dit apparaat onthoudt uw regio en rol" in shown
    assert "Binnenkort voor u" in start
    assert far["slug"] not in start
    assert near["slug"] in everything
    assert far["slug"] in everything
    world.public.get("/meetings?remember=no")
    assert far["slug"] in page(world.public, "/meetings")
    assert "Binnenkort voor u" not in page(world.public, "/")

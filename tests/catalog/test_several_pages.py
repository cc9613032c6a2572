"""In the browser: one programme becomes six drafts in six regions, which are published and called off together."""

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from shared.events.registration import SeatsChanged
from tests.builders import tell
from tests.catalog.conftest import SAME_SITE, World, errors
from tests.catalog.sending import fields_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

REGIONS = ["PV20", "PV21", "PV22", "PV23", "PV24", "PV25"]
PARTS = [{"title": {"nl": "Aan de slag"}, "startsAt": "2027-06-10T15:00"}]


def test_the_same_programme_in_six_regions(world: World, manager: "FlaskClient") -> None:
    original = world.draft(sessions=PARTS)
    path = f"/organise/meetings/{original['id']}/copies"
    typed: dict[str, Any] = fields_of(manager.get(path).text, path)
    typed["series"] = "Op tournee"
    for number, region in enumerate(REGIONS):
        typed[f"copies.{number}.startsAt"] = f"2027-09-{number + 10}T10:00"
        typed[f"copies.{number}.region"] = region
        typed[f"copies.{number}.venue.city"] = f"Plaats {number}"
    wrong = {"copies.0.startsAt": "", "copies.2.seatPlan.capacity": "veel", "copies.3.region": "PV99"}
    refused = manager.post(path, data={**typed, **wrong}, headers=SAME_SITE)
    assert refused.status_code == 400
    assert set(errors(refused.text)) == {"copies.0.startsAt", "copies.2.seatPlan.capacity", "copies.3.region"}
    assert 'value="veel"' in refused.text
    series = "/v1/meetings?series=Op+tournee"
    assert world.ask("GET", series).status_code == 400  # no such series yet

    made = manager.post(path, data={**typed, "copies.5.seatPlan.capacity": "25"}, headers=SAME_SITE)
    assert made.status_code == 303
    page = unescape(manager.get(made.location).text)
    assert "Plaats 5" in page
    assert world.public.get(series).status_code == 400  # only drafts, of which nobody else knows
    drafts = world.ask("GET", series).json or []
    assert [each["region"] for each in drafts] == REGIONS
    assert [each["venue"] for each in drafts[:1]] == [
        {"name": "", "address": "", "postalCode": "", "city": "Plaats 0"},
    ]
    assert [each["seatPlan"]["capacity"] for each in drafts] == [40, 40, 40, 40, 40, 25]
    assert drafts[0]["sessions"][0]["startsAt"] == "2027-09-10T09:00:00Z"


def test_who_organises_one_region_copies_to_that_one_and_loses_nothing_typed(
    world: World, organiser: "FlaskClient"
) -> None:
    path = f"/organise/meetings/{world.draft()['id']}/copies"
    typed: dict[str, Any] = fields_of(organiser.get(path).text, path)
    typed |= {"copies.0.startsAt": "2027-09-10T10:00", "copies.1.startsAt": "2027-09-11T10:00"}
    refused = organiser.post(path, data={**typed, "copies.1.region": "PV20"}, headers=SAME_SITE)
    assert (refused.status_code, set(errors(refused.text))) == (400, {"copies.1.region"})
    assert 'value="2027-09-11T10:00"' in refused.text
    made = organiser.post(path, data=typed, headers=SAME_SITE)
    assert made.location == "/organise/?done=copied"
    assert organiser.get(made.location).text.count("11 september 2027") == 1


def test_chosen_meetings_are_published_and_called_off_at_once(world: World, organiser: "FlaskClient") -> None:
    ready, lacking = world.draft(series="Reeks"), world.draft(series="Reeks", seatPlan=None, venue=None, onlineUrl=None)
    both = {"meeting": [ready["id"], lacking["id"]]}
    done = post(organiser, "/organise/chosen/publication", both)
    assert done.status_code == 200
    told = unescape(done.text)
    assert "Vul in hoeveel plekken er zijn." in told
    assert f'href="/organise/meetings/{lacking["id"]}#venue.name"' in told
    assert [each.meeting.id for each in world.told("meeting.published")] == [ready["id"]]

    seats = SeatsChanged(meeting_id=ready["id"], capacity=40, taken=7, free=33, waiting=1)
    tell(world.service, seats)
    asked = post(organiser, "/organise/chosen/cancellation", both)
    assert "8 mensen horen ervan." in unescape(asked.text)
    assert world.told("meeting.cancelled") == []
    sure = {**fields_of(asked.text, "/organise/chosen/cancellation"), "confirmed": "yes", "reason": "Storm"}
    assert post(organiser, "/organise/chosen/cancellation", sure).status_code == 200
    assert [(each.meeting.id, each.reason) for each in world.told("meeting.cancelled")] == [(ready["id"], "Storm")]

    elsewhere = world.draft(region="PV20")
    assert post(organiser, "/organise/chosen/publication", {"meeting": [elsewhere["id"]]}).status_code == 403
    assert "U koos geen bijeenkomsten." in post(organiser, "/organise/chosen/publication", {}).text


def test_chosen_meetings_are_moved_together_once_somebody_saw_who_hears_of_it(
    world: World, organiser: "FlaskClient"
) -> None:
    ready, draft = world.publish(series="Reeks"), world.draft(series="Reeks")
    assert 'formaction="/organise/chosen/move"' in organiser.get("/organise/series?name=Reeks").text
    tell(world.service, SeatsChanged(meeting_id=ready["id"], capacity=40, taken=7, free=33, waiting=1))
    move = "/organise/chosen/move"
    asked = post(organiser, move, {"meeting": [ready["id"], draft["id"]]})
    assert (asked.status_code, errors(asked.text)) == (200, {})
    assert "8 mensen horen ervan." in unescape(asked.text)
    sure = {**fields_of(asked.text, move), "confirmed": "yes", "reason": "Vakantie"}
    for wrong in ("", "0", "straks"):
        refused = post(organiser, move, {**sure, "days": wrong})
        assert (refused.status_code, set(errors(refused.text))) == (400, {"days"}), wrong
        assert ">Vakantie<" in re.sub(r"\s*\n\s*", "", refused.text)
    done = post(organiser, move, {**sure, "days": "-7"})
    assert done.text.count("<strong>gelukt</strong>") == 2
    assert done.text.count("donderdag 3 juni 2027") == 2
    (told,) = world.told("meeting.changed")
    assert (told.meeting.id, told.reason) == (ready["id"], "Vakantie")
    assert post(organiser, move, {**sure, "days": "7", "meeting": world.draft(region="PV20")["id"]}).status_code == 403


def test_a_whole_series_is_copied_on_its_page(world: World, organiser: "FlaskClient") -> None:
    world.draft(series="Reeks & co")
    page = "/organise/series?name=Reeks+%26+co"
    assert "Reeks &amp; co" in organiser.get("/organise/").text
    typed: dict[str, Any] = fields_of(organiser.get(page).text, "/organise/series/copies")
    wrong = organiser.post("/organise/series/copies", data={**typed, "days": "een week"}, headers=SAME_SITE)
    assert (wrong.status_code, set(errors(wrong.text))) == (400, {"days"})
    assert 'value="een week"' in wrong.text
    done = organiser.post("/organise/series/copies", data={**typed, "days": "-7"}, headers=SAME_SITE)
    assert done.status_code == 303
    assert "donderdag 3 juni 2027" in organiser.get(done.location).text
    assert organiser.get("/organise/series?name=unknown").status_code == 404


def post(client: "FlaskClient", path: str, typed: dict[str, Any]) -> Any:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/organise/meetings/new").text)
    assert found
    return client.post(path, data={**typed, "csrf_token": found[1]}, headers=SAME_SITE)

"""A meeting is made once and held often: copied, copied into six regions, and copied as a whole series."""

from typing import Any

from tests.catalog.conftest import READY, World, as_object, reasons

PROGRAMME = {
    "startsAt": "2027-03-18T13:00",
    "endsAt": "2027-03-18T17:00",
    "doorsOpenAt": "2027-03-18T12:30",
    "sessions": [
        {"title": {"nl": "Inloop"}, "room": "1"},
        {"title": {"nl": "Aan de slag"}, "startsAt": "2027-03-18T14:00", "endsAt": "2027-03-18T15:00", "capacity": 9},
    ],
    "registration": {"opensAt": "2027-02-18T09:00", "closesAt": "2027-03-16T17:00", "questions": ["Waarom?"]},
    "seatPlan": {"capacity": 40, "releaseAt": "2027-03-11T12:00"},
}


def copy(world: World, meeting: dict[str, Any], body: dict[str, Any], key: str = "the-first-manager") -> Any:
    return world.ask("POST", f"/v1/meetings/{meeting['id']}/copies", key, json=body)


def test_a_copy_is_another_draft_with_all_moments_moved_by_the_clock_on_the_wall(world: World) -> None:
    original = world.publish(**PROGRAMME)
    answer = copy(world, original, {"startsAt": "2027-04-01T14:30"})  # summer time began on 28 March
    assert answer.status_code == 201
    made = as_object(answer)
    assert answer.location == f"http://127.0.0.1:8000/v1/meetings/{made['id']}"
    assert as_object(world.ask("GET", answer.location)) == made
    moved = {
        "startsAt": "2027-04-01T12:30:00Z",
        "endsAt": "2027-04-01T16:30:00Z",
        "doorsOpenAt": "2027-04-01T12:00:00Z",
        "seatPlan": {**original["seatPlan"], "releaseAt": "2027-03-25T12:30:00Z"},
    }
    moved["registration"] = {
        **original["registration"],
        "opensAt": "2027-03-04T09:30:00Z",
        "closesAt": "2027-03-30T16:30:00Z",
    }
    inside, outside = made["sessions"][1], original["sessions"][1]
    assert (inside["startsAt"], inside["endsAt"]) == ("2027-04-01T13:30:00Z", "2027-04-01T14:30:00Z")
    assert inside["id"] != outside["id"]
    mine = ("id", "slug", "status", "revision", "createdAt", "changedAt", "publishedAt", "sessions")
    for name in original.keys() - {*mine, *moved}:
        assert made[name] == original[name], name
    assert {name: made[name] for name in moved} == moved
    assert (made["status"], made["slug"], made["publishedAt"]) == ("draft", "samen-circulair-inkopen-2", None)


def test_a_copy_differs_in_what_is_said(world: World) -> None:
    world.give_key("groningen", "organiser", "PV20")
    original = as_object(world.ask("POST", "/v1/meetings", json={**READY, **PROGRAMME}))
    elsewhere = {
        "startsAt": "2027-05-20T10:00+02:00",
        "endsAt": "2027-05-20T12:00",
        "region": "PV20",
        "venue": {"name": "Forum", "address": None, "postalCode": None, "city": "Groningen"},
        "seatPlan": {"capacity": 25},
        "series": "Op tournee",
    }
    assert copy(world, original, elsewhere, "groningen").status_code == 403  # that draft is Utrecht's
    made = as_object(copy(world, original, elsewhere))
    assert (made["region"], made["series"], made["venue"]["city"]) == ("PV20", "Op tournee", "Groningen")
    assert (made["seatPlan"]["capacity"], made["endsAt"]) == (25, "2027-05-20T10:00:00Z")

    assert set(reasons(copy(world, original, {}))) == {"startsAt"}
    wrong = {"startsAt": "2027-05-20T10:00", "region": "PV99", "endsAt": "2027-05-20T09:00", "venue": "Forum"}
    assert set(reasons(copy(world, original, wrong))) == {"regions", "endsAt", "venue"}
    assert set(reasons(copy(world, original, {"startsAt": "2027-03-28T02:30"}))) == {"startsAt"}
    night = {"startsAt": "2027-03-27T13:30", "timeZone": 7}
    assert set(reasons(copy(world, original, night))) == {"timeZone"}
    assert copy(world, {"id": "unknown"}, {}).status_code == 404
    assert len(world.ask("GET", "/v1/meetings?status=draft").json or []) == 2


def test_a_series_is_copied_published_and_called_off_as_one(world: World) -> None:
    world.give_key("utrecht", "organiser", "PV26")
    for region, day in (("PV26", 10), ("PV20", 17), ("PV26", 24)):
        world.draft(
            startsAt=f"2027-06-{day}T14:00",
            endsAt=f"2027-06-{day}T17:00",
            region=region,
            series="Samen/verder",
            seatPlan={"capacity": 9} if day < 20 else None,
        )
    series = "/v1/series/Samen%2Fverder"

    done = as_object(world.ask("POST", f"{series}/publication", headers={"Accept-Language": "nl"}))["entries"]
    assert [entry["result"] for entry in done] == ["done", "done", "refused"]
    (why,) = done[2]["errors"]
    assert why == {"name": "seatPlan.capacity", "reason": "Vul in hoeveel plekken er zijn.", "code": "capacity-missing"}
    again = as_object(world.ask("POST", f"{series}/publication"))["entries"]
    assert [entry["result"] for entry in again] == ["unchanged", "unchanged", "refused"]
    assert len(world.told("meeting.published")) == 2

    later = world.ask("POST", f"{series}/copies", key="utrecht", json={"days": 364, "series": "Samen verder 2028"})
    assert later.status_code == 201
    assert [(each["startsAt"], each["status"], each["series"]) for each in later.json or []] == [
        ("2028-06-08T12:00:00Z", "draft", "Samen verder 2028"),
        ("2028-06-22T12:00:00Z", "draft", "Samen verder 2028"),
    ]

    off = world.ask("POST", f"{series}/cancellation", key="utrecht", json={"reason": "Storm"})
    assert [entry["result"] for entry in as_object(off)["entries"]] == ["done", "refused"]
    assert [told.reason for told in world.told("meeting.cancelled")] == ["Storm"]
    copied = world.ask("POST", f"{series}/copies", json={"days": 7})
    assert [each["region"] for each in copied.json or []] == ["PV20", "PV26"]
    assert set(reasons(world.ask("POST", f"{series}/copies", json={"days": 1.5, "series": "A\u0007"}))) == {
        "days",
        "series",
    }
    assert set(reasons(world.ask("POST", f"{series}/copies", json={}))) == {"days"}
    assert world.ask("POST", "/v1/series/unknown/publication").status_code == 404
    assert world.public.post("/v1/series/unknown/publication").status_code == 401


def test_chosen_meetings_are_published_and_called_off_at_once(world: World) -> None:
    world.give_key("utrecht", "organiser", "PV26")
    ready, bare = world.draft()["id"], world.draft(seatPlan=None)["id"]
    elsewhere = world.draft(region="PV20")["id"]
    chosen = [ready, elsewhere, bare, "nothing"]
    answer = as_object(world.ask("POST", "/v1/publications", "utrecht", json={"meetings": chosen}))
    said = {each["meetingId"]: (each["result"], [why["code"] for why in each["errors"]]) for each in answer["entries"]}
    assert said == {
        ready: ("done", []),
        bare: ("refused", ["capacity-missing"]),
        elsewhere: ("refused", ["meeting-unknown"]),
        "nothing": ("refused", ["meeting-unknown"]),
    }
    off = {"meetings": [ready, bare], "reason": "De zaal is dicht."}
    answer = as_object(world.ask("POST", "/v1/cancellations", "utrecht", json=off))
    assert [each["result"] for each in answer["entries"]] == ["done", "refused"]
    assert world.told("meeting.cancelled")[-1].reason == "De zaal is dicht."
    assert world.ask("POST", "/v1/publications", json={"meetings": []}).status_code == 400


def test_chosen_meetings_are_changed_alike_and_moved_by_the_clock_on_the_wall(world: World) -> None:
    world.give_key("utrecht", "organiser", "PV26")
    ready, draft = world.publish(startsAt="2027-10-27T14:00", endsAt="2027-10-27T17:00"), world.draft()
    off, elsewhere = world.publish(), world.draft(region="PV20")
    world.ask("POST", f"/v1/meetings/{off['id']}/cancellation", json={})
    chosen = [each["id"] for each in (ready, draft, off, elsewhere)]
    said = {"meetings": chosen, "days": 7, "changes": {"costNote": {"nl": "Gratis"}}, "reason": "Herfstvakantie"}

    answer = as_object(world.ask("POST", "/v1/changes", "utrecht", json=said))
    codes = {each["meetingId"]: (each["result"], [why["code"] for why in each["errors"]]) for each in answer["entries"]}
    assert codes == {
        ready["id"]: ("done", []),
        draft["id"]: ("done", []),
        off["id"]: ("refused", ["meeting-cancelled"]),
        elsewhere["id"]: ("refused", ["meeting-unknown"]),
    }
    moved = as_object(world.public.get(f"/v1/meetings/{ready['id']}"))
    assert (ready["startsAt"], moved["startsAt"]) == (
        "2027-10-27T12:00:00Z",
        "2027-11-03T13:00:00Z",
    )  # it is 14.00 still
    assert moved["costNote"] == {"nl": "Gratis"}
    (told,) = world.told("meeting.changed")
    assert (told.reason, "time" in told.changed) == ("Herfstvakantie", True)

    wrong = {"meetings": [ready["id"]], "changes": {"seatPlan": {"capacity": -1}, "unknown": 1}}
    (entry,) = as_object(world.ask("POST", "/v1/changes", json=wrong))["entries"]
    assert {why["name"] for why in entry["errors"]} == {"seatPlan.capacity", "unknown"}
    away = {"meetings": [draft["id"]], "changes": {"region": "PV20"}}
    assert world.ask("POST", "/v1/changes", "utrecht", json=away).status_code == 403
    assert list(reasons(world.ask("POST", "/v1/changes", json={"meetings": chosen}))) == ["changes"]

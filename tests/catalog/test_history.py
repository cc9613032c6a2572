"""What was done to a meeting stands in its history: who, when, why, and each field from old to new."""

from html import unescape
from typing import TYPE_CHECKING, Any

from shared.events.registration import AccessChanged
from shared.people.grants import secret_hash
from tests.builders import tell
from tests.catalog.conftest import World

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def test_a_history_says_who_changed_what_and_why(world_on: World) -> None:
    world = world_on
    known_by(world, "utrecht", "PV26", name="noor@provincie.example")
    known_by(world, "planning", "PV26", name="Planbord")
    draft = world.draft(sessions=[{"title": {"nl": "Inloop"}, "room": "1"}], key="utrecht")
    path = f"/v1/meetings/{draft['id']}"
    world.ask("POST", f"{path}/publication", key="planning")
    world.clock.forward(days=1)
    moved = {"startsAt": "2027-06-10T15:00", "venue": {"city": "Zeist"}, "seatPlan": {"reserved": {"inkoper": None}}}
    world.change(draft["id"], {**moved, "reason": "De zaal is bezet"})
    rooms = [{**draft["sessions"][0], "room": "2"}]
    world.change(draft["id"], {"sessions": rooms, "venue": {"city": "Zeist"}})
    world.change(draft["id"], {"format": ""})  # changes nothing, and leaves no trace
    world.clock.forward(days=60)
    world.work()

    lines = history(world, draft)
    assert [(line["act"], line["by"]["id"], line["by"]["name"]) for line in lines] == [
        ("held", "system", None),
        ("changed", "manager", None),
        ("changed", "manager", None),
        ("published", "of-planning", "Planbord"),
        ("drafted", "of-utrecht", "noor@provincie.example"),
    ]
    held, programme, changed, published, drafted = lines
    assert (changed["reason"], changed["at"]) == ("De zaal is bezet", "2027-05-02T09:00:00Z")
    assert from_old_to_new(changed) == {
        "startsAt": ("2027-06-10T12:00:00Z", "2027-06-10T13:00:00Z"),
        "venue.city": ("Utrecht", "Zeist"),
        "seatPlan.reserved.inkoper": (10, None),
    }
    assert from_old_to_new(programme) == {"sessions": (draft["sessions"], rooms)}
    assert held["changes"] == published["changes"] == drafted["changes"] == []
    assert world.ask("GET", f"{path}?").headers["ETag"] == f'"{held["version"]}"'
    assert history(world, draft, "?limit=2&page=2") == lines[2:4]


def test_only_who_organises_there_reads_a_history(world: World) -> None:
    meeting = world.publish()
    path = f"/v1/meetings/{meeting['id']}/history"
    world.give_key("groningen", "organiser", "PV20")
    world.give_key("auditor", "auditor")
    assert world.public.get(path).status_code == 401
    assert world.ask("GET", path, key="groningen").status_code == 403
    assert world.ask("GET", path, key="auditor").status_code == 200
    assert world.ask("GET", "/v1/meetings/unknown/history").status_code == 404
    assert world.public.get("/v1/meetings/unknown/history").status_code == 401


def test_an_organiser_reads_it_on_the_page_of_the_meeting(world: World, organiser: "FlaskClient") -> None:
    meeting = world.publish(registration={"questions": ["Wat wilt u leren?"]})
    for number in range(6):
        terms = {"approval": not number % 2, "closesAt": f"2027-06-0{number + 1}T12:00"}
        world.change(
            meeting["id"], {"registration": terms, "targetGroups": ["beleidsmaker", "inkoper"], "reason": "Vraag"}
        )
    text = unescape(organiser.get(f"/organise/meetings/{meeting['id']}").text)
    assert "de sleutel van de installatie: Vraag" in text
    assert "<del>dinsdag 1 juni 2027, 12.00 uur</del>" in text
    assert "Gepubliceerd" not in text.partition('id="history"')[2]
    everything = unescape(organiser.get(f"/organise/meetings/{meeting['id']}/history").text)
    assert "<dt>Doelgroepen</dt>" in everything
    assert "<del>inkoper, beleidsmaker of beleidsmedewerker</del>" in everything
    assert "<ins>ja</ins>" in everything
    assert "Gepubliceerd" in everything


def known_by(world: World, key: str, region: str, name: str) -> None:
    """A key of someone whom organisers know by ``name``."""
    changed = AccessChanged(
        id=f"key-{key}",
        kind="key",
        secret_hash=secret_hash(key),
        role="organiser",
        person_id=f"of-{key}",
        regions=(region,),
        known_as=name,
    )
    tell(world.service, changed)


def history(world: World, meeting: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    answer = world.ask("GET", f"/v1/meetings/{meeting['id']}/history{query}")
    assert answer.status_code == 200
    assert isinstance(answer.json, list)
    return answer.json


def from_old_to_new(line: dict[str, Any]) -> dict[str, Any]:
    return {change["name"]: (change["before"], change["after"]) for change in line["changes"]}

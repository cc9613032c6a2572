"""Whatever a program can say of a meeting an organiser can say in the browser, without JavaScript, and reads back."""

from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields

from services.catalog.forms.fields import Texts
from services.catalog.forms.meetings import MeetingForm
from tests.catalog.conftest import SAME_SITE, World, as_object
from tests.catalog.sending import fields_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

TYPED = {
    "title.nl": "Leren inkopen",
    "title.en": "Learning to buy",
    "format": "workshop",
    "costNote.nl": "Gratis, lunch 10 euro",
    "costNote.en": "Free, lunch 10 euros",
    "startsAt": "2027-06-10T14:00",
    "endsAt": "2027-06-10T17:00",
    "doorsOpenAt": "2027-06-10T13:30",
    "regions": ["", "PV26", "PV25"],
    "venue.name": "Stadhuis",
    "travelInfo.nl": "Bus 3",
    "travelInfo.en": "Bus 3, stop Town Hall",
    "accessibilityInfo.nl": "Lift bij de ingang",
    "accessibilityInfo.en": "A lift at the entrance",
    "organiser.name": "Provincie Utrecht",
    "organiser.phone": "030 258 91 11",
    "controller": "Provincie Utrecht",
    "contact.name": "Loket",
    "contact.email": "loket@provincie.example",
    "contact.phone": "030 258 91 12",
    "seatPlan.capacity": "20",
    "registration.opensAt": "2027-05-02T09:00",
    "registration.closesAt": "2027-06-08T17:00",
    "sessions.0.title.nl": "Aan de slag",
    "sessions.0.startsAt": "2027-06-10T15:00",
    "sessions.0.speaker": "Een voorbeeldspreker",
    "sessions.0.room": "Zaal 2",
    "sessions.0.capacity": "8",
    "retentionDays": "30",
}


def test_every_field_stands_on_the_page(organiser: "FlaskClient") -> None:
    path = "/organise/meetings/new"
    on_page = set(fields_of(organiser.get(path).text, path)) | {"sessions.0.id", "registration.questions.0.id"}
    boxes = {"registration.questions.0.targetGroups"}  # none is ticked, so a browser sends none
    missing = {name for name in names_of(MeetingForm()) if name not in on_page | boxes}
    assert missing == {"region"}  # the only one of regions


def test_what_is_typed_is_kept_published_and_shown(world: World, organiser: "FlaskClient") -> None:
    new = "/organise/meetings/new"
    sent: dict[str, Any] = {**fields_of(organiser.get(new).text, new), **TYPED}
    made = organiser.post(new, data=sent, headers=SAME_SITE)
    assert made.status_code == 303
    (kept,) = world.ask("GET", "/v1/meetings").json or []
    assert kept["costNote"] == {"nl": "Gratis, lunch 10 euro", "en": "Free, lunch 10 euros"}
    assert kept["travelInfo"]["en"] == "Bus 3, stop Town Hall"
    assert kept["accessibilityInfo"]["en"] == "A lift at the entrance"
    assert kept["contact"] == {"name": "Loket", "email": "loket@provincie.example", "phone": "030 258 91 12"}
    assert (kept["controller"], kept["format"], kept["retentionDays"]) == ("Provincie Utrecht", "workshop", 30)
    assert kept["registration"]["closesAt"] == "2027-06-08T15:00:00Z"
    (part,) = kept["sessions"]
    assert (part["speaker"], part["room"], part["capacity"]) == ("Een voorbeeldspreker", "Zaal 2", 8)
    path = f"/organise/meetings/{kept['id']}"
    again = fields_of(organiser.get(path).text, path)
    assert {name: again[name][-1] for name, value in TYPED.items() if isinstance(value, str)} == {
        name: value for name, value in TYPED.items() if isinstance(value, str)
    }

    assert world.ask("POST", f"/v1/meetings/{kept['id']}/publication").status_code == 200
    page = unescape(world.public.get(f"/meetings/{kept['slug']}").text)
    for said in ("Gratis, lunch 10 euro", "Bus 3", "Lift bij de ingang", "loket@provincie.example", "030 258 91 12"):
        assert said in page
    assert "dinsdag 8 juni 2027, 17.00 uur" in page
    assert "Een voorbeeldspreker, Zaal 2" in page


def test_what_is_odd_is_asked_about_and_what_breaks_is_refused(world: World, organiser: "FlaskClient") -> None:
    terms = {"opensAt": "2027-06-01T09:00", "closesAt": "2027-06-01T09:00"}
    draft = world.draft(
        registration=terms,
        doorsOpenAt="2027-06-10T14:30",
        sessions=[
            {"title": {"nl": "Vooraf"}, "startsAt": "2027-06-09T20:00"},
        ],
    )
    refused = world.ask("POST", f"/v1/meetings/{draft['id']}/publication")
    assert [each["name"] for each in as_object(refused)["errors"]] == ["registration.closesAt"]
    asked = unescape(organiser.get(f"/organise/meetings/{draft['id']}/preview").text)
    for odd in ("De inloop begint na het begin", "Dit onderdeel van het programma valt buiten de tijden"):
        assert odd in asked
    world.change(draft["id"], {"registration": {"opensAt": None}})
    assert world.ask("POST", f"/v1/meetings/{draft['id']}/publication").status_code == 200


def names_of(form: Schema, path: str = "") -> Iterator[str]:
    """The names of the fields of a page that say what ``form`` says, of lists those of their first row."""
    for declared in form.fields.values():
        name = f"{path}{declared.data_key}"
        if isinstance(declared, Texts):
            yield from (f"{name}.nl", f"{name}.en")
        elif isinstance(declared, fields.Nested):
            yield from names_of(declared.schema, f"{name}.")
        elif isinstance(declared, fields.Dict):
            yield f"{name}.inkoper"
        elif isinstance(declared, fields.List) and isinstance(declared.inner, fields.Nested):
            yield from names_of(declared.inner.schema, f"{name}.0.")
        elif isinstance(declared, fields.List) and isinstance(declared.inner, Texts):
            yield from (f"{name}.nl", f"{name}.en")
        else:
            yield name

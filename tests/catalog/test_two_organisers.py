"""Two organisers have the same meeting open: who saves second sees what the first changed, and loses nothing."""

from html import unescape
from typing import TYPE_CHECKING, Any

from tests.catalog.conftest import SAME_SITE, World, as_object, errors
from tests.catalog.sending import fields_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

PARTS = [{"title": {"nl": "Inloop"}, "room": "1"}, {"title": {"nl": "Borrel"}, "room": "1"}]


def test_who_saves_second_sees_what_changed_and_saves_on_top_of_it(world: World, organiser: "FlaskClient") -> None:
    meeting = world.draft(sessions=PARTS, documents=[])
    path = f"/organise/meetings/{meeting['id']}"
    typed: dict[str, Any] = fields_of(organiser.get(path).text, path)
    theirs = {
        "title": {"nl": "Anders inkopen"},
        "venue": {"city": "Zeist", "address": None},
        "themes": ["klimaat"],
        "sessions": [*meeting["sessions"], {"title": {"nl": "Afsluiting"}}],
        "documents": [{"title": {"nl": "Programma"}, "url": "https://kring.example/programma"}],
    }
    world.change(meeting["id"], theirs)
    mine = {"title.nl": "Beter inkopen", "travelInfo.nl": "Met de trein", "documents.0.title.nl": "Kaart"}
    mine |= {"documents.0.url": "https://kring.example/kaart"}

    stale = organiser.post(path, data={**typed, **mine}, headers=SAME_SITE)
    assert stale.status_code == 409
    assert set(errors(stale.text)) == {"title.nl", "documents"}
    shown = unescape(stale.text)
    assert "Intussen gewijzigd door de sleutel van de installatie" in shown
    assert "<del>Samen circulair inkopen</del>" in shown
    assert "Iemand anders maakte hiervan: Anders inkopen." in shown
    again = fields_of(stale.text, path)
    assert again["title.nl"] == ["Beter inkopen"]
    assert again["venue.city"] == ["Zeist"]
    assert again["themes"] == ["", "klimaat"]

    assert organiser.post(path, data=again, headers=SAME_SITE).status_code == 303
    after = as_object(world.ask("GET", f"/v1/meetings/{meeting['id']}"))
    assert after["title"] == {"nl": "Beter inkopen", "en": meeting["title"]["en"]}
    assert after["travelInfo"] == {"nl": "Met de trein"}
    assert after["venue"] == {**meeting["venue"], "city": "Zeist", "address": ""}
    assert after["themes"] == ["klimaat"]
    assert [part["title"]["nl"] for part in after["sessions"]] == ["Inloop", "Borrel", "Afsluiting"]
    assert [document["title"]["nl"] for document in after["documents"]] == ["Kaart"]


def test_a_form_of_which_the_version_is_lost_overwrites_nothing(world: World, organiser: "FlaskClient") -> None:
    meeting = world.draft()
    path = f"/organise/meetings/{meeting['id']}"
    typed: dict[str, Any] = fields_of(organiser.get(path).text, path)
    for version in ("", "nonsense", "9" * 30):
        sent = {**typed, "version": version, "venue.city": "Zeist"}
        stale = organiser.post(path, data=sent, headers=SAME_SITE)
        assert stale.status_code == 409
        assert 'value="Zeist"' in stale.text
    assert as_object(world.ask("GET", f"/v1/meetings/{meeting['id']}"))["venue"]["city"] == "Utrecht"

"""What an organiser settles on the page about reminders, lists that go out by themselves, and afterwards."""

from flask.testing import FlaskClient

from tests.catalog.conftest import SAME_SITE, World, as_object, errors
from tests.catalog.sending import fields_of


def test_reminders_lists_and_the_survey_are_settled_on_the_page(world: World, organiser: FlaskClient) -> None:
    meeting = world.publish(reminders=[36])
    path = f"/organise/meetings/{meeting['id']}"
    shown = organiser.get(path).text
    assert "36 uur ervoor" in shown
    reception = {
        "listDeliveries.0.email": "receptie@stadhuis.example",
        "listDeliveries.0.name": "De receptie",
        "listDeliveries.0.hoursBefore": "24",
        "listDeliveries.0.targetGroup": "inkoper",
        "listDeliveries.0.asFile": "true",
    }
    report = {"documents.0.title.nl": "Verslag", "documents.0.url": "https://kring.example/verslag.pdf"}
    typed = {
        **fields_of(shown, path),
        "reminders": ["24", "2"],
        "surveyUrl": "https://vragen.example/1",
        **reception,
        **report,
    }
    saved = organiser.post(path, data=typed, headers=SAME_SITE)
    assert saved.status_code == 303, errors(saved.text)
    (told,) = world.told("meeting.changed")
    assert (told.meeting.reminders, told.meeting.survey_url) == ((24, 2), "https://vragen.example/1")
    assert [document.url for document in told.meeting.documents] == ["https://kring.example/verslag.pdf"]
    assert 'href="https://kring.example/verslag.pdf"' in world.public.get(f"/meetings/{meeting['slug']}").text
    (delivery,) = told.meeting.list_deliveries
    assert (delivery.email, delivery.hours_before, delivery.target_group, delivery.as_file) == (
        "receptie@stadhuis.example",
        24,
        "inkoper",
        True,
    )
    again = organiser.get(path).text
    assert organiser.post(path, data=fields_of(again, path), headers=SAME_SITE).status_code == 303
    assert len(world.told("meeting.changed")) == 1
    gone = {**fields_of(again, path), "reminders": "", "listDeliveries.0.remove": "true"}
    assert organiser.post(path, data=gone, headers=SAME_SITE).status_code == 303
    after = as_object(world.ask("GET", f"/v1/meetings/{meeting['id']}"))
    assert (after["reminders"], after["listDeliveries"]) == ([], [])


def test_who_gets_a_list_needs_an_address_that_can_be(world: World, organiser: FlaskClient) -> None:
    path = f"/organise/meetings/{world.publish()['id']}"
    typed = fields_of(organiser.get(path).text, path)
    wrong = {"listDeliveries.0.name": "De receptie", "listDeliveries.0.hoursBefore": "-24"}
    refused = organiser.post(path, data={**typed, **wrong}, headers=SAME_SITE)
    assert refused.status_code == 400
    assert set(errors(refused.text)) == {"listDeliveries.0.email"}
    assert 'value="De receptie"' in refused.text
    assert '<option value="-24" selected>' in refused.text

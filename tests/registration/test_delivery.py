"""Who gets no mail is seen wherever an organiser meets the name, in words."""

from datetime import timedelta

from shared.events.notifications import AddressBounced, AddressRestored
from tests.builders import NOON, POLICY, tell
from tests.registration.conftest import World, comes_as

WORDS = "mail komt niet aan sinds maandag 10 mei 2027, 14.00 uur"


def test_mail_that_does_not_arrive_stands_beside_the_name_until_it_does_again(world: World) -> None:
    facts = world.publish()
    world.sign_up(facts, "Anna", POLICY.code)
    world.sign_up(facts, "Bob", POLICY.code)
    anna = world.last_told_of("Anna")
    key = world.organiser()
    comes_as(world, "manager")
    pages = [
        f"/registration/desk/{facts.slug}/attendees",
        f"/registration/desk/{facts.slug}/registrations",
        f"/registration/desk/{facts.slug}/registrations/{anna.id}",
    ]
    lost = AddressBounced(address_id="an-address", registration_ids=(anna.id,), since=NOON - timedelta(days=31))

    tell(world.service, lost)
    people = world.get(facts, "registrations", headers=key).json or []
    listed = world.get(facts, "attendees", headers={**key, "Accept": "application/json"}).json or []
    assert {person["name"]: person["delivery"] for person in people} == {"Anna": "bounced", "Bob": None}
    assert {person["name"]: person["delivery"] for person in listed} == {"Anna": "bounced", "Bob": None}
    assert [world.visitor.get(page, headers=key).text.count(WORDS) for page in pages] == [1, 1, 1]

    tell(world.service, AddressRestored(address_id="an-address", registration_ids=(anna.id,), restored_at=NOON))
    people = world.get(facts, "registrations", headers=key).json or []
    assert [person["delivery"] for person in people] == [None, None]
    assert [world.visitor.get(page, headers=key).text.count(WORDS) for page in pages] == [0, 0, 0]

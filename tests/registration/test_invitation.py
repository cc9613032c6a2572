"""Registration remembers what a person's calendar was told, so that notifications can be rebuilt from it."""

from sqlalchemy import select

from services.registration.tables import registration
from shared.events.notifications import InvitationSent
from tests.builders import NOON, tell
from tests.registration.conftest import World


def test_the_invitation_is_kept_and_given_back_in_the_next_event(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    (said,) = world.told("registration.confirmed")
    sent = InvitationSent(
        invitation_id="inv-1", registration_id=said.registration.id, sequence=4, method="REQUEST", sent_at=NOON
    )

    tell(world.service, sent)
    world.cancel("Anna")

    assert world.told("registration.cancelled")[0].registration.invitation_id == "inv-1"
    with world.service.database.reading() as session:
        row = session.execute(select(registration)).one()
    assert (row.told_sequence, row.told_method) == (4, "REQUEST")

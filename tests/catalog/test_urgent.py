"""What an organiser has to say on the day itself, on the meeting's page."""

from dataclasses import replace
from datetime import timedelta

from shared.db.transaction import new_id
from shared.events.registration import MessageWritten
from tests.builders import tell
from tests.catalog.conftest import World


def test_what_is_urgent_stands_on_the_page_until_it_is_over_and_nothing_else_does(world: World) -> None:
    meeting = world.publish()
    until = world.clock.now + timedelta(hours=8)
    urgent = MessageWritten(
        id=new_id(),
        meeting_id=meeting["id"],
        subject="De brug is dicht",
        text="Beste {naam},\n\nNeem de trein naar <Utrecht>. {0}",
        urgent=True,
        shown_until=until,
        parts=2,
    )
    for told in (urgent, replace(urgent, part=2), replace(urgent, id=new_id(), subject="Tot dan", shown_until=None)):
        tell(world.service, told)

    page = world.public.get(f"/meetings/{meeting['slug']}").text
    world.clock.now = until
    after = world.public.get(f"/meetings/{meeting['slug']}").text

    assert page.count("De brug is dicht") == 1
    assert "Beste deelnemer,</p>" in page
    assert "&lt;Utrecht&gt;. {0}" in page
    assert "Tot dan" not in page
    assert "De brug is dicht" not in after

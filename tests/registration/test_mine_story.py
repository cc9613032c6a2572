"""After the meeting, behind one's own link: a story for catalog's editors, with a name only where that is agreed to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.events.catalog import MeetingCancelled
from tests.builders import NOON, tell
from tests.registration.conftest import World, csrf

STORY = {"title": "Koffie zonder plastic", "text": "Wij vroegen erom.\r\n\r\nHet kon.", "kind": "small-step"}


def test_who_was_there_tells_what_came_of_it(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna", organisation="Gouda")
    mine = world.visitor.get(world.mine_link("Anna"), follow_redirects=True)
    address = f"{mine.request.path}/story"
    assert "/story" not in mine.text
    assert world.visitor.get(address).status_code == 404  # there is nothing to tell yet

    world.clock.now = NOON + timedelta(days=7)
    assert f'href="{address}"' in world.visitor.get(mine.request.path).text
    form = world.visitor.get(address)
    assert "checked" not in form.text  # nothing is agreed to beforehand
    refused = world.visitor.post(address, data={**STORY, "title": "", "csrf_token": csrf(form)})
    assert refused.status_code == 400
    assert 'id="title-error"' in refused.text
    assert "alleen gepubliceerd als u dat goed vindt" in refused.text
    assert "Wij vroegen erom." in refused.text
    assert world.told("story.told") == []

    agreed = {**STORY, "csrf_token": csrf(form), "consent": "true"}
    assert world.visitor.post(address, data=agreed).status_code == 201
    assert world.visitor.post(address, data={**agreed, "named": "true"}).status_code == 201
    nameless, named = world.told("story.told")
    assert (nameless.meeting_id, nameless.kind, nameless.language) == (facts.id, "small-step", "nl")
    assert (nameless.title, nameless.text) == ("Koffie zonder plastic", "Wij vroegen erom.\n\nHet kon.")
    assert (nameless.named, named.named) == (False, True)
    assert (named.name, named.email, named.organisation) == ("Anna", "anna@gemeente.example", "Gouda")


@pytest.mark.parametrize("why", ["called off", "signed off"])
def test_who_was_not_there_has_nothing_to_tell(world: World, why: str) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    mine = world.visitor.get(world.mine_link("Anna"), follow_redirects=True)
    if why == "signed off":
        world.visitor.post(mine.request.path, data={"csrf_token": csrf(mine)})
    else:
        tell(world.service, MeetingCancelled(meeting=replace(facts, status="cancelled", revision=2), reason="Storm"))
    world.clock.now = NOON + timedelta(days=7)
    assert world.visitor.get(f"{mine.request.path}/story").status_code == 404

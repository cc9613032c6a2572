"""Finding things by words: alike on both databases, whatever is typed."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from services.catalog.actions.keep_searchable import keep_searchable
from services.catalog.app import build
from services.catalog.queries.search import best_hits
from services.catalog.rules.search import Searchable
from services.catalog.settings import Settings
from services.catalog.tables import kept_entry, search_text
from shared.web.app import settings_of
from tests.catalog.conftest import LINK, World

TYPED = st.text(
    alphabet=st.sampled_from("ab é-'\"\\:*&|!()<>^~{}[]%_;,.\0NOT AND OR NEAR ²ª\u0e46\ud83d\U0001f600"), max_size=40
)


def keep(world: World, kind: str, **texts: tuple[str, str]) -> None:
    """Things in Dutch, each with a title and a body, by id."""
    with world.service.database.begin() as tx:
        keep_searchable(tx, kind, {name: [Searchable("nl", *text)] for name, text in texts.items()})


def found(world: World, typed: str, *kinds: str) -> list[str]:
    with world.service.database.reading() as session:
        return [hit.id for hit in best_hits(session, typed, kinds or ("guide",), 10)]


def test_words_find_their_other_forms_and_what_begins_with_them(world_on: World) -> None:
    world = world_on
    keep(
        world,
        "guide",
        title=("Circulair inkopen van wegen", "Hoe een gemeente dat doet."),
        body=("Handreiking", "Inkoopbeleid in Fryslân: circulaire wegen, en social return."),
        other=("Klimaatenvelop", "Sociaal ondernemen; return on investment."),
    )
    assert found(world, "FRYSLAN") == found(world, "fryslân") == ["body"]
    assert found(world, "wegen circulair") == ["title", "body"]  # a word in a title counts for more
    assert found(world, "inkoop") == ["title", "body"]
    assert found(world, "gemeenten") == ["title"]
    assert found(world, "klimaat") == ["other"]
    assert found(world, '"social return"') == ["body"]
    assert found(world, "return -investment") == ["body"]
    assert found(world, "circulair klimaat") == []
    assert found(world, "-klimaat") == found(world, "%") == found(world, "") == []

    keep(world, "question", other=("Wat is de klimaatenvelop?", ""))
    assert (
        found(world, "klimaatenvelop", "guide", "question") != found(world, "klimaatenvelop", "question") == ["other"]
    )
    keep(world, "guide", other=("Iets anders", ""), title=("", ""))
    assert found(world, "klimaat") == found(world, "gemeente") == []
    with world.service.database.begin() as tx:
        keep_searchable(tx, "guide", {"body": []})
    assert found(world, "handreiking") == []


def test_a_meeting_is_found_by_all_that_its_page_says(world_on: World) -> None:
    world = world_on
    first = world.publish(description={"nl": "Over bestek.", "en": "About tenders."}, startsAt="2027-06-09T14:00")
    world.publish(title={"nl": "Bestek schrijven"}, region="PV21", themes=["klimaat"])

    def titles(query: str) -> list[str]:
        return [meeting["title"]["nl"] for meeting in world.public.get(f"/v1/meetings?{query}").json or []]

    assert titles("q=bestek") == ["Bestek schrijven", "Samen circulair inkopen"]
    assert titles("q=bestek&region=PV26") == ["Samen circulair inkopen"]
    assert titles("q=tenders") == titles("q=stadsplateau+beleidsmaker+circulaire") == ["Samen circulair inkopen"]
    assert titles("q=fryslan") == ["Bestek schrijven"]
    assert titles(f"q={LINK.rsplit('/', 1)[1]}") == []
    world.change(first["id"], {"description": {"nl": "Over geld.", "en": None}})
    assert titles("q=tenders") == []
    assert titles("q=bestek&limit=1&page=2") == []


def test_what_an_older_release_left_is_complete_after_the_next_start(world: World) -> None:
    world.publish()
    with world.service.database.begin() as tx:
        tx.session.execute(delete(search_text))
        tx.session.execute(update(kept_entry).values(atom=b"", version=0))
    assert world.public.get("/v1/meetings?q=circulair").json == []
    started = build(Settings(settings_of(world.service.app)), clock=world.clock)
    after = started.app.test_client()
    assert len(after.get("/v1/meetings?q=circulair").json or []) == 1
    assert (
        after.get("/calendar.atom").text.count("<entry>") == after.get("/calendar.ics").text.count("BEGIN:VEVENT") == 1
    )
    started.database.engine.dispose()


@pytest.mark.parametrize("typed", ["'", '"', "a:*", "NEAR(", "-", "a OR", "%00", "\\", "<->", "!!", "a" * 5000])
def test_whatever_is_typed_is_only_looked_for(world_on: World, typed: str) -> None:
    assert world_on.public.get(f"/v1/meetings?q={quote(typed)}").json == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TYPED)
def test_anything_at_all_may_be_typed(world_on: World, typed: str) -> None:
    found(world_on, typed)

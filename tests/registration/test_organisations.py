"""Where someone works: linked to the official list by its name, or guessed from the domain of the address."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, text

from services.registration.actions.follow_reference import follow_reference
from shared.events.catalog import Meeting, ReferenceChanged
from tests.builders import tell
from tests.registration.conftest import World

TOOI = "https://identifier.overheid.nl/tooi/id/gemeente"
GOUDA = f"{TOOI}/gm0513"


def word(code: str, name: str, *domains: str, **more: Any) -> ReferenceChanged:
    facts = {"id": f"organisation:{code}", "code": code, "labels": {"nl": name}, "email_domains": domains, **more}
    return ReferenceChanged(kind="organisation", **facts)


def organisation(world: World, code: str, name: str, *domains: str, **more: Any) -> None:
    tell(world.service, word(code, name, *domains, **more))


def linked(world: World, facts: Meeting, name: str, **more: Any) -> tuple[str, str | None]:
    """What is told of the organisation of someone who signs up."""
    assert world.sign_up(facts, name, **more).status_code == 201
    said = world.told("registration.confirmed")[-1].registration
    assert said.person.name == name
    return said.organisation, said.organisation_id


def test_an_organisation_that_we_know_is_linked_by_address_or_by_name(world: World) -> None:
    organisation(world, GOUDA, "Gemeente Gouda", labels={"nl": "Gemeente Gouda", "en": "City of Gouda"})
    facts = world.publish(target_groups=())

    assert linked(world, facts, "Anna", organisation="gemeente GOUDA") == ("Gemeente Gouda", GOUDA)
    assert linked(world, facts, "Bram", organisation="City of Gouda") == ("Gemeente Gouda", GOUDA)
    assert linked(world, facts, "Chris", organisation=GOUDA) == ("Gemeente Gouda", GOUDA)
    assert linked(world, facts, "Dina", organisation="Gouda") == ("Gouda", None)

    organisation(world, GOUDA, "Gouda")
    assert linked(world, facts, "Ella", organisation="gouda") == ("Gouda", GOUDA)
    assert linked(world, facts, "Finn", organisation="Gemeente Gouda") == ("Gemeente Gouda", None)


def test_an_organisation_left_out_is_that_of_the_domain(world: World) -> None:
    organisation(world, GOUDA, "Gouda", "gouda.example")
    facts = world.publish(target_groups=())

    assert linked(world, facts, "Anna", email="anna@gouda.example") == ("Gouda", GOUDA)
    assert linked(world, facts, "Bram", email="bram@Post.Gouda.example") == ("Gouda", GOUDA)
    assert linked(world, facts, "Chris", email="chris@notgouda.example") == ("", None)
    assert linked(world, facts, "Dina", email="dina@gouda.example", organisation="Elders") == ("Elders", None)

    organisation(world, GOUDA, "Gouda")
    assert linked(world, facts, "Ella", email="ella@gouda.example") == ("", None)


def test_who_is_asked_for_an_organisation_is_offered_those_that_are_still_there(world: World) -> None:
    organisation(world, GOUDA, "Gouda")
    organisation(world, f"{TOOI}/gm0608", "Schoonhoven", valid_to=date(2015, 1, 1))
    facts = world.publish()

    page = world.fill_in(f"/registration/meetings/{facts.slug}", guess="true", organisation="").text

    assert '<option value="Gouda">' in page
    assert "Schoonhoven" not in page


@pytest.mark.parametrize("ground", ["embedded"], indirect=True)
def test_among_five_hundred_organisations_one_is_found_without_reading_them(world: World) -> None:
    with world.service.database.begin() as tx:
        for number in range(500):
            follow_reference(tx, word(f"{TOOI}/gm{number:04}", f"Gemeente {number}"))
    facts = world.publish(target_groups=())

    with statements(world) as asked:
        assert linked(world, facts, "Anna", organisation="gemeente 250")[1] == f"{TOOI}/gm0250"

    (query,) = [(statement, values) for statement, values in asked if "organisation_name" in statement]
    with world.service.database.reading() as session:
        way = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query[0]}", query[1]).all()
        assert session.scalar(text("SELECT count(*) FROM organisation_name")) == 1000
    assert way
    assert not [step for step in way if "SCAN" in step.detail]


@contextmanager
def statements(world: World) -> Iterator[list[tuple[str, Any]]]:
    """Everything that the database is asked in the block, with the values."""
    asked: list[tuple[str, Any]] = []

    def listen(*given: Any) -> None:
        asked.append((given[2], given[3]))

    engine = world.service.database.engine
    event.listen(engine, "before_cursor_execute", listen)
    yield asked
    event.remove(engine, "before_cursor_execute", listen)

"""Rules that a story does not show."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from services.catalog.rules.changes import KINDS, kinds_of_change, matters
from services.catalog.rules.meeting import MeetingDetails
from services.catalog.rules.slug import slug_of
from shared.events.catalog import RegistrationTerms, Venue

BEFORE = MeetingDetails(
    title={"nl": "Bijeenkomst"},
    starts_at=datetime(2027, 6, 10, 12, 0, tzinfo=UTC),
    ends_at=datetime(2027, 6, 10, 15, 0, tzinfo=UTC),
)


def test_every_field_of_a_meeting_has_its_kind_of_change() -> None:
    assert set(KINDS) == {each.name for each in fields(MeetingDetails)}


def test_what_calendars_must_follow() -> None:
    moved = kinds_of_change(BEFORE, replace(BEFORE, venue=Venue(city="Zeist"), format="lezing"))
    assert (moved, matters(moved)) == (("place", "text"), True)
    terms = kinds_of_change(BEFORE, replace(BEFORE, registration=RegistrationTerms(approval=True), series="x"))
    assert (terms, matters(terms)) == (("audience", "terms"), False)
    assert kinds_of_change(BEFORE, replace(BEFORE)) == ()


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Überregios & Fryslân 2027", "uberregios-fryslan-2027"),
        ("  --Netwerk--  ", "netwerk"),
        ("会议 😀", "bijeenkomst"),
        ("a" * 200, "a" * 80),
        ("taken", "taken-3"),
    ],
)
def test_slugs(title: str, slug: str) -> None:
    assert slug_of(title, {"taken", "taken-2"}) == slug

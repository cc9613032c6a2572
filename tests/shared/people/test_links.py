from datetime import UTC, datetime, timedelta

import pytest

from shared.people.links import BadLink, Link, Links

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OLD, NEW = "the-old-key-0123456789-0123456789", "the-new-key-0123456789-0123456789"


def at(moment: datetime, *keys: str) -> Links:
    return Links(keys or (NEW, OLD), clock=lambda: moment)


def test_a_link_says_whom_it_is_for_and_which_version_for_one_purpose_only() -> None:
    token = at(NOON).sign("mine", "registration-1", version=2)
    assert at(NOON).read(token, "mine") == Link("registration-1", 2)
    with pytest.raises(BadLink):
        at(NOON).read(token, "my-data")


def test_a_new_key_signs_and_an_old_one_still_verifies_until_it_is_taken_away() -> None:
    before = at(NOON, OLD).sign("mine", "r")
    assert at(NOON, NEW, OLD).read(before, "mine") == Link("r", 0)
    with pytest.raises(BadLink):
        at(NOON, NEW).read(before, "mine")
    assert at(NOON, NEW).read(at(NOON, NEW, OLD).sign("mine", "r"), "mine") == Link("r", 0)


def test_a_link_ends_when_it_says() -> None:
    token = at(NOON).sign("sign-in", "r", valid_until=NOON + timedelta(minutes=15))
    assert at(NOON + timedelta(minutes=14)).read(token, "sign-in") == Link("r", 0)
    with pytest.raises(BadLink):
        at(NOON + timedelta(minutes=15)).read(token, "sign-in")


@pytest.mark.parametrize("token", ["", ".", "a.b", "nonsense", "é.è", "W10.x"])
def test_what_is_no_link_of_ours_is_refused(token: str) -> None:
    with pytest.raises(BadLink):
        at(NOON).read(token, "mine")


def test_a_changed_letter_is_seen() -> None:
    token = at(NOON).sign("mine", "registration-1")
    forged = at(NOON, OLD[::-1]).sign("mine", "registration-2").split(".")[0] + "." + token.split(".")[1]
    with pytest.raises(BadLink):
        at(NOON).read(forged, "mine")

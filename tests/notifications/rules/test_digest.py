"""When the list of new meetings goes out, and for whom a meeting is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.notifications.rules.digest import is_for, next_digest
from services.notifications.rules.guests import Guest, Wish
from shared.events.catalog import Label, RegistrationTerms
from tests.builders import NOON, POLICY, UTRECHT, a_meeting, a_person

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WISH = Wish(guest=Guest(person=a_person(), target_group=POLICY.code), regions=(UTRECHT.code,))
BEFORE = NOON - timedelta(days=20)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2027-06-07T12:00", "2027-06-08T09:00"),
        ("2027-06-08T08:59", "2027-06-08T09:00"),
        ("2027-06-08T09:00", "2027-06-15T09:00"),
        ("2027-03-23T09:00", "2027-03-30T09:00"),  # the clock goes forward between
        ("2027-10-26T10:00", "2027-11-02T09:00"),  # and back
    ],
)
def test_it_goes_out_on_tuesdays_at_nine_on_the_wall(now: str, then: str) -> None:
    moments = [datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC) for text in (now, then)]
    assert next_digest(moments[0]) == moments[1]


def test_a_meeting_is_for_who_asked_for_its_region_and_has_its_role_while_one_can_sign_up() -> None:
    meeting = a_meeting()
    assert is_for(meeting, WISH, BEFORE)
    assert is_for(replace(meeting, target_groups=()), WISH, BEFORE)
    assert is_for(meeting, replace(WISH, regions=("NL",)), BEFORE)
    buyers = replace(meeting, target_groups=(Label(code="inkoper", labels={}),))
    assert not is_for(buyers, WISH, BEFORE)
    assert is_for(replace(buyers, registration=RegistrationTerms(other_roles=True)), WISH, BEFORE)
    assert not is_for(meeting, replace(WISH, regions=("PV20",)), BEFORE)
    assert not is_for(replace(meeting, visibility="unlisted"), WISH, BEFORE)
    assert not is_for(replace(meeting, status="cancelled"), WISH, BEFORE)
    assert not is_for(replace(meeting, registration=RegistrationTerms(closes_at=BEFORE)), WISH, BEFORE)

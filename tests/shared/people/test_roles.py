import re
from pathlib import Path
from typing import get_args

import pytest

from shared.people.roles import OWN_DATA, SCOPES, SIGNED_IN, VERBS, Actor, Role, Thing, is_public, may
from shared.people.table import page

ROOT = Path(__file__).parents[3]
ROLES: tuple[Role, ...] = get_args(Role)
OWN = Thing(regions=("PV28", "PV20"), meeting_id="mine", registration_id="me")
OTHER = Thing(regions=("PV31",), meeting_id="another", registration_id="someone")


def an_actor(role: Role) -> Actor:
    return Actor(role, id="p", regions=("PV28",), meeting_id="mine", registration_id="me")


def test_the_table_that_people_read_says_what_the_program_does() -> None:
    assert (ROOT / "docs" / "roles.md").read_text("utf-8") == page(), "run: python -m shared.people > docs/roles.md"


@pytest.mark.parametrize("role", ROLES)
def test_what_one_may_do_to_anything_one_may_do_to_ones_own_and_who_has_bounds_to_nothing_else(role: Role) -> None:
    actor, has_bounds = an_actor(role), role in {"helper", "organiser", "person"}
    for verb in VERBS:
        assert may(actor, verb, OWN) is may(actor, verb)
        assert may(actor, verb, OTHER) is (may(actor, verb) and (is_public(verb) or not has_bounds))


def test_an_editor_sees_no_participants_and_an_auditor_changes_nothing() -> None:
    of_people = re.compile("registration|attend|message|mail|invit|campaign|list-access|research|desk|audit")
    assert [verb for verb in allowed("editor") if of_people.search(verb)] == []
    assert [verb for verb in allowed("auditor") if not verb.endswith((".read", ".list", "own-sign-ins.change"))] == []
    assert allowed("helper") == {"attendees.read", "attendance.change"}


def allowed(role: Role) -> set[str]:
    """What only some may do, and this role is one of them."""
    return {verb for verb in VERBS if may(an_actor(role), verb) and not is_public(verb)}


@pytest.mark.parametrize("role", ["organiser", "helper", "person"])
def test_who_was_given_no_reach_reaches_nothing_not_even_things_without_a_place(role: Role) -> None:
    without_reach = Actor(role)
    assert not any(may(without_reach, verb, thing) for verb in VERBS if not is_public(verb) for thing in (OWN, Thing()))


def test_a_key_may_only_what_both_its_role_and_its_scopes_let_it() -> None:
    narrow = Actor("organiser", regions=("PV28",), scopes=("read-attendees", "send-mail"))
    may_do = {"attendees.read", "campaign.start", "mail.send", "message.write"}
    assert {verb for verb in VERBS if may(narrow, verb, OWN) and not is_public(verb)} == may_do
    assert not may(narrow, "attendees.read", OTHER)
    assert not may(Actor("auditor", scopes=("send-mail",)), "mail.send")


def test_a_scope_that_is_newer_than_this_program_gives_nothing() -> None:
    newer = Actor("manager", scopes=("read-everything",))
    assert [verb for verb in VERBS if may(newer, verb)] == [verb for verb in VERBS if is_public(verb)]


def test_no_scope_lets_a_program_make_keys_or_look_who_looked() -> None:
    in_scopes = frozenset[str]().union(*SCOPES.values())
    assert in_scopes <= set(VERBS)
    assert not in_scopes & {"keys.change", "helpers.change", "list-access.read", "research.read", "region.merge"}


def test_a_participant_who_signed_in_reaches_what_is_theirs_and_no_registration() -> None:
    actor = Actor("person", person_key="anna@kring.example")
    assert may(actor, "own-sessions.change", Thing(person_key="anna@kring.example"))
    assert not may(actor, "own-sessions.change", Thing(person_key="bram@kring.example"))
    assert not may(actor, "registration.read", OWN)
    assert not any(may(an_actor("person"), verb) for verb in SIGNED_IN)
    assert not may(an_actor("person"), "own-sessions.change", Thing(person_key="anna@kring.example"))


def test_only_a_fresh_link_to_all_of_ones_own_data_opens_it() -> None:
    ways = (an_actor("person"), Actor("person", person_key="anna@kring.example"), Actor("manager"))
    assert not any(may(actor, verb) for actor in ways for verb in OWN_DATA)
    by_link = Actor("person", my_data_id="a-link")
    assert {verb for verb in OWN_DATA | SIGNED_IN if may(by_link, verb)} == OWN_DATA


def test_a_verb_that_is_not_in_the_table_is_a_defect() -> None:
    with pytest.raises(LookupError, match=r"meeting\.destroy"):
        may(Actor("manager"), "meeting.destroy")

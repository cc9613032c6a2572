from typing import get_args

import pytest

from shared.people.roles import OWN_DATA, SCOPES, SIGNED_IN, VERBS, Actor, Role, Thing, may

ROLES: tuple[Role, ...] = get_args(Role)
OWN = Thing(regions=("PV28", "PV20"), meeting_id="mine", registration_id="me")
OTHER = Thing(regions=("PV31",), meeting_id="another", registration_id="someone")


def an_actor(role: Role) -> Actor:
    return Actor(role, id="p", regions=("PV28",), meeting_id="mine", registration_id="me")


# Written out once more, by hand: whoever changes the table must mean it.
PUBLIC = {
    "page", "feed.", "health", "statement", "reference.read", "meeting.read", "knowledge.read", "seats",
    "registration.create", "sign-", "transfer.use", "answer.claim", "list.use", "subscription.",
    "story.tell", "feedback.give", "feedback.withdraw",
    "preferences.use", "my-data.ask", "my-data.use",
}  # fmt: skip
PERSONAL = {
    "registration.confirm", "registration.again", "story.write", "invitation.answer", "transfer.accept",
    "personal-feed.change",
}  # fmt: skip
MAY: dict[Role, set[str]] = {
    "anyone": set(),
    "person": {
        "registration.read", "registration.cancel", "registration.correct", "offer.answer", "transfer.propose",
        *PERSONAL,
    },
    "helper": {"attendees.read", "attendance.change"},
    "editor": {
        "organise.read", "programme.read", "programme.change", "reference.change", "file.change", "feedback.read",
        "own-sign-ins.change",
    },
    "auditor": {
        "organise.read", "draft.read", "programme.read",
        "registration.read", "registrations.list", "attendees.read", "desk.read",
        "invitations.read", "mailroom.read", "messages.read", "list-access.read", "campaign.read", "history.read",
        "reach.read", "feedback.read", "own-sign-ins.change",
    },
    "organiser": set(VERBS) - PERSONAL - SIGNED_IN - OWN_DATA
    - {"keys.change", "research.read", "list-access.read", "region.merge", "network.moderate", "all-sign-ins.change"},
    "manager": set(VERBS) - PERSONAL - SIGNED_IN - OWN_DATA,
}  # fmt: skip


def is_for_all(verb: str) -> bool:
    return any(verb.startswith(beginning) for beginning in PUBLIC)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verb", VERBS)
def test_the_matrix_of_every_verb_and_every_role(verb: str, role: Role) -> None:
    actor, expected = an_actor(role), is_for_all(verb) or verb in MAY[role]
    assert may(actor, verb) is expected
    assert may(actor, verb, OWN) is expected
    reaches_all = is_for_all(verb) or role in {"manager", "auditor", "editor"}
    assert may(actor, verb, OTHER) is (expected and reaches_all)


@pytest.mark.parametrize("role", ["organiser", "helper", "person"])
def test_who_was_given_no_reach_reaches_nothing_not_even_things_without_a_place(role: Role) -> None:
    without_reach = Actor(role)
    assert not any(
        may(without_reach, verb, thing) for verb in VERBS if not is_for_all(verb) for thing in (OWN, Thing())
    )


def test_a_key_may_only_what_both_its_role_and_its_scopes_let_it() -> None:
    narrow = Actor("organiser", regions=("PV28",), scopes=("read-attendees", "send-mail"))
    may_do = {"attendees.read", "campaign.start", "mail.send", "message.write"}
    assert {verb for verb in VERBS if may(narrow, verb, OWN) and not is_for_all(verb)} == may_do
    assert not may(narrow, "attendees.read", OTHER)
    assert not may(Actor("auditor", scopes=("send-mail",)), "mail.send")


def test_a_scope_that_is_newer_than_this_program_gives_nothing() -> None:
    newer = Actor("manager", scopes=("read-everything",))
    assert [verb for verb in VERBS if may(newer, verb)] == [verb for verb in VERBS if is_for_all(verb)]


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

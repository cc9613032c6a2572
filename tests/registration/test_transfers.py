"""A seat handed over: proposed behind my link, taken over behind the colleague's, and only then theirs."""

from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from shared.events.catalog import MeetingCancelled, RegistrationTerms, SeatPlan
from tests.builders import NOON, a_meeting, tell
from tests.registration.conftest import World, csrf, problem

BRAM = {"name": "Bram", "email": "bram@gemeente.example"}


def colleagues_link(world: World) -> str:
    """The link that the mail to the colleague holds."""
    said = world.told("transfer.proposed")[-1]
    return "/registration/transfers/" + world.links.sign("transfer", said.id, said.version)


def take_over(world: World) -> TestResponse:
    link = colleagues_link(world)
    sent = {"csrf_token": csrf(world.visitor.get(link))}
    return world.visitor.post(link, data=sent, follow_redirects=True)


def test_the_seat_stays_with_the_first_until_the_colleague_takes_it(world: World) -> None:
    facts = world.publish(seat_plan=SeatPlan(capacity=1), target_groups=())
    for name in ("Anna", "Chris"):
        world.sign_up(facts, name)

    proposed = world.press("Anna", "/transfers", **BRAM)
    opened = world.visitor.get(colleagues_link(world))
    before = [said.registration.person.name for said in world.told("registration.confirmed")]
    taken = take_over(world)
    again = world.visitor.get(colleagues_link(world))

    assert "Tot dan blijft de plek van u" in proposed.text
    assert "Anna kan niet komen" in opened.text
    assert before == ["Anna"]
    assert "U heeft een plek" in taken.text
    assert "Ja, ik neem deze plek over" not in again.text
    assert world.rows_told_together()[-1] == ["cancelled Anna", "confirmed Bram"]
    assert "U heeft uw plek aan een collega doorgegeven." in world.mine("Anna").text
    assert "U bent nummer 1 op de wachtlijst" in world.mine("Chris").text
    assert world.counts_are_right()


def test_a_proposal_that_was_withdrawn_is_over(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    world.press("Anna", "/transfers", **BRAM)
    opened = world.visitor.get(colleagues_link(world))

    kept = world.press("Anna", "/transfers/withdrawal")
    late = world.visitor.post(opened.request.path, data={"csrf_token": csrf(opened)})

    assert "Bram" not in kept.text.split("Wat er gebeurde")[0]
    assert late.status_code == 409
    assert "Deze plek kan niet meer worden overgenomen." in late.text
    assert "Deze plek kan niet meer worden overgenomen." in world.visitor.get(colleagues_link(world)).text
    assert len(world.told("registration.confirmed")) == 1


@pytest.mark.parametrize("name", ["begun", "signed off", "called off"])
def test_what_is_too_late_is_said_in_words_and_changes_nothing(world: World, name: str) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    world.press("Anna", "/transfers", **BRAM)
    opened = world.visitor.get(colleagues_link(world))
    match name:
        case "begun":
            world.clock.now = NOON
        case "signed off":
            world.cancel("Anna")
        case _:
            off = a_meeting(id=facts.id, slug=facts.slug, status="cancelled", revision=2, target_groups=())
            tell(world.service, MeetingCancelled(meeting=off))

    late = world.visitor.post(opened.request.path, data={"csrf_token": csrf(opened)})

    assert late.status_code == 409
    assert len(world.told("registration.confirmed")) == 1


def test_a_colleague_is_of_the_same_organisation_unless_the_meeting_allows_others(world: World) -> None:
    elsewhere = {"name": "Bram", "email": "bram@waterschap.example"}
    strict = world.publish(target_groups=())
    world.sign_up(strict, "Anna")
    refused = world.press("Anna", "/transfers", **elsewhere)
    world.clock.now += timedelta(minutes=1)
    free = world.publish(target_groups=(), registration=RegistrationTerms(transfer_anyone=True))
    world.sign_up(free, "Zoë", email="zoe@gemeente.example")

    allowed = world.press("Zoë", "/transfers", **elsewhere)

    assert refused.status_code == 400
    assert 'id="email-error"' in refused.text
    assert 'value="bram@waterschap.example"' in refused.text
    assert "Tot dan blijft de plek van u" in allowed.text


def test_another_role_goes_through_the_seat_rule_and_the_first_keeps_the_seat_where_it_has_none(world: World) -> None:
    facts = world.publish(seat_plan=SeatPlan(capacity=2, maximum={"bestuurder": 1}), target_groups=())
    world.sign_up(facts, "Anna")
    world.sign_up(facts, "Chris", "bestuurder")
    world.press("Anna", "/transfers", targetGroup="bestuurder", **BRAM)

    refused = take_over(world)

    assert refused.status_code == 409
    assert "U heeft een plek" in world.mine("Anna").text
    assert world.told("registration.cancelled") == []


def test_who_has_a_seat_already_does_not_get_a_second_one(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    world.sign_up(facts, "Bram")
    proposed = world.press("Anna", "/transfers", **BRAM)

    refused = take_over(world)

    assert "Tot dan blijft de plek van u" in proposed.text, "who proposes does not hear who is registered"
    assert refused.status_code == 409
    assert "al aangemeld" in refused.text
    assert world.told("registration.cancelled") == []


def test_programs_propose_and_take_over_with_the_tokens_of_the_links(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    world.sign_up(facts, "Chris")
    anna, chris = (said.registration.id for said in world.told("registration.confirmed"))
    transfers = f"/registration/v1/registrations/{anna}/transfers"

    nonsense = world.visitor.post(transfers, json={"targetGroup": "tovenaar"}, headers=world.bearer("Anna"))
    foreign = world.visitor.post(transfers, json=BRAM, headers=world.bearer("Chris"))
    proposed = world.visitor.post(transfers, json=BRAM, headers=world.bearer("Anna"))
    own = f"{transfers}/{(proposed.json or {})['id']}"
    token = {"Authorization": f"Bearer {colleagues_link(world).rsplit('/', 1)[1]}"}
    not_chris = world.visitor.put(own, headers=world.bearer("Chris"))
    not_to_read = world.visitor.get(f"/registration/v1/registrations/{anna}", headers=token)
    elsewhere = world.visitor.put(own.replace(anna, chris), headers=token)
    taken = [world.visitor.put(own, headers=token) for _ in range(2)]
    over = world.visitor.put(f"{own}/withdrawal", headers=world.bearer("Anna"))

    assert [answer.status_code for answer in (nonsense, foreign, not_chris, not_to_read, elsewhere)] == [
        400, 403, 403, 403, 404,
    ]  # fmt: skip
    assert (proposed.status_code, (proposed.json or {})["status"]) == (202, "pending")
    assert [(answer.json or {})["status"] for answer in taken] == ["accepted", "accepted"]
    assert (over.json or {})["status"] == "accepted"
    assert world.rows_told_together()[-1] == ["cancelled Anna", "confirmed Bram"]


def test_programs_withdraw_what_still_stands(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    (anna,) = (said.registration.id for said in world.told("registration.confirmed"))
    transfers = f"/registration/v1/registrations/{anna}/transfers"
    proposed = world.visitor.post(transfers, json=BRAM, headers=world.bearer("Anna"))
    own = f"{transfers}/{(proposed.json or {})['id']}"
    token = {"Authorization": f"Bearer {colleagues_link(world).rsplit('/', 1)[1]}"}

    withdrawn = world.visitor.put(f"{own}/withdrawal", headers=world.bearer("Anna"))
    late = world.visitor.put(own, headers=token)

    assert (withdrawn.json or {})["status"] == "withdrawn"
    assert problem(late) == (409, "transfer-over")


def test_what_was_proposed_before_someone_left_is_over_also_when_they_come_back(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    world.press("Anna", "/transfers", **BRAM)
    opened = world.visitor.get(colleagues_link(world))
    world.cancel("Anna")
    world.sign_up(facts, "Anna")

    late = world.visitor.post(opened.request.path, data={"csrf_token": csrf(opened)})

    assert late.status_code == 409
    assert "Deze plek kan niet meer worden overgenomen." in world.visitor.get(opened.request.path).text
    assert "U heeft een plek" in world.mine("Anna").text
    assert "Bram" not in world.mine("Anna").text


def test_a_forged_link_takes_nothing_over(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    world.press("Anna", "/transfers", **BRAM)
    (said,) = world.told("transfer.proposed")

    for token in ("nonsense", world.links.sign("mine", said.id, 1), world.links.sign("transfer", said.id, 2)):
        assert world.visitor.get(f"/registration/transfers/{token}").status_code == 404

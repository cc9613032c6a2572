"""Whoever could have somebody mailed without end is stopped, in words, and loses nothing of what was typed."""

from collections.abc import Callable

import pytest

from tests.registration.conftest import World, csrf, form_of, id_of, problem

BRAM = {"name": "Bram van Dam", "email": "bram@gemeente.example"}


@pytest.fixture
def narrow(make_world: Callable[..., World]) -> World:
    """Two posts about one address in ten minutes."""
    return make_world(limits=0.1)


@pytest.mark.parametrize("page", ["meeting", "series", "sign-in", "network", "transfers", "companion"])
def test_a_page_says_in_words_that_it_was_too_often(narrow: World, page: str) -> None:
    facts = narrow.publish(target_groups=(), series="reeks")
    narrow.sign_up(facts, "Anna")
    mine = narrow.mine("Anna").request.path
    address = {
        "meeting": form_of(facts),
        "series": "/registration/series/reeks",
        "sign-in": "/registration/sign-in",
        "network": "/registration/network/sign-in",
        "transfers": f"{mine}/transfers",
        "companion": f"{mine}/companion",
    }[page]
    typed = {**BRAM, "targetGroup": "inkoper", "meetings": "all"}
    typed |= {"targetGroup": ""} if page == "transfers" else {}

    for _ in range(2):
        narrow.visitor.post(address, data={"csrf_token": csrf(narrow.visitor.get(address)), **typed})
    stopped = narrow.visitor.post(address, data={"csrf_token": csrf(narrow.visitor.get(address)), **typed})

    assert stopped.status_code == 429
    assert int(stopped.headers["Retry-After"]) > 0
    why = "Dit e-mailadres is de laatste minuten heel vaak gebruikt. Probeer het over 10 minuten opnieuw."
    assert why in stopped.text
    assert "Dat is niet gelukt" in stopped.text
    assert f'value="{typed["email"] if page in {"sign-in", "network"} else typed["name"]}"' in stopped.text


def test_a_colleague_is_not_mailed_without_end_by_programs_either(narrow: World) -> None:
    facts = narrow.publish(target_groups=())
    narrow.sign_up(facts, "Anna")

    address = f"/registration/v1/registrations/{id_of(narrow, 'Anna')}/transfers"
    asked = [narrow.visitor.post(address, json=BRAM, headers=narrow.bearer("Anna")) for _ in range(3)]

    assert [answer.status_code for answer in asked[:2]] == [202, 202]
    assert problem(asked[2]) == (429, "too-many-requests")
    assert "Retry-After" in asked[2].headers
    assert len(narrow.told("transfer.proposed")) == 2

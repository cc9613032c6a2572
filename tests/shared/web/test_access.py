"""Who comes past the door: keys and link tokens for programs, cookies for pages, never the other way round."""

from datetime import timedelta

import pytest

from shared.people.grants import keep_manager_key
from shared.web.access import LINK_COOKIE, SIGN_IN_COOKIE, own_path
from tests.shared.web.demo import Demo

DESK = "/registration/desk"
THINGS = "/registration/v1/things"
GOOD = {"name": "a", "seatPlan": {"capacity": 1}}


def secret_of(header: dict[str, str]) -> str:
    return header["Authorization"].removeprefix("Bearer ")


def test_a_program_without_a_key_is_told_to_bring_one(demo: Demo) -> None:
    answer = demo.client().post(THINGS, json=GOOD)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer ", "Basic YTpi", "Bearer é", "nonsense", "Bearer a b"])
def test_a_key_that_opens_nothing_is_refused_even_where_none_is_needed(demo: Demo, header: str) -> None:
    assert demo.client().get(THINGS, headers={"Authorization": header}).status_code == 401


def test_the_role_of_a_key_decides_before_anything_is_looked_up(demo: Demo) -> None:
    assert demo.client().post(THINGS, json=GOOD, headers=demo.key("manager")).status_code == 201
    assert demo.client().post(THINGS, json=GOOD, headers=demo.key("auditor")).status_code == 403
    assert demo.client().patch(f"{THINGS}/unknown", headers=demo.key("helper", meeting_id="m")).status_code == 403


def test_an_organiser_reaches_their_own_regions(demo: Demo) -> None:
    path, changes = f"{THINGS}/one", {"json": {"name": "b"}}
    own = {"If-Match": "*", **demo.key("organiser", regions=("PV28",))}
    other = {"If-Match": "*", **demo.key("organiser", regions=("PV31",))}
    none = {"If-Match": "*", **demo.key("organiser")}
    assert demo.client().patch(path, headers=own, **changes).status_code == 200
    assert demo.client().patch(path, headers=other, **changes).status_code == 403
    assert demo.client().patch(path, headers=none, **changes).status_code == 403


def test_a_key_ends_and_can_be_taken_back(demo: Demo) -> None:
    now = demo.database.clock()
    ended = demo.key("manager", valid_until=now - timedelta(seconds=1))
    revoked = demo.key("manager", revoked=True)
    current = demo.key("manager", valid_until=now + timedelta(hours=1))
    statuses = [demo.client().get(THINGS, headers=key).status_code for key in (ended, revoked, current)]
    assert statuses == [401, 401, 200]


def test_a_person_reaches_the_one_registration_of_their_link_until_it_is_revoked(demo: Demo) -> None:
    def ask(registration_id: str, token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return demo.client().get(f"/registration/v1/registrations/{registration_id}", headers=headers).status_code

    token = demo.links.sign("mine", "r1")
    assert ask("r1", token) == 200
    assert ask("r2", token) == 403
    assert ask("r1", demo.links.sign("mine", "r1", version=1)) == 401
    assert ask("r1", demo.links.sign("personal-feed", "r1")) == 401


def test_a_page_sends_a_stranger_to_sign_in_and_knows_where_to_come_back(demo: Demo) -> None:
    answer = demo.client().get(f"{DESK}?from=2026&q=a%26b")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/registration/sign-in?next=%2Fregistration%2Fdesk%3Ffrom%3D2026%26q%3Da%2526b"


def test_a_page_knows_who_signed_in_and_is_kept_from_others(demo: Demo) -> None:
    client = demo.client()
    client.set_cookie(SIGN_IN_COOKIE, secret_of(demo.key("organiser", regions=("PV28",))), domain="kring.test")
    answer = client.get(DESK, base_url="https://kring.test")
    assert (answer.status_code, answer.text) == (200, "desk")
    assert answer.headers["Cache-Control"] == "no-store"


def test_who_may_not_is_told_so_instead_of_sent_round(demo: Demo) -> None:
    client = demo.client()
    client.set_cookie(LINK_COOKIE, demo.links.sign("mine", "r1"), domain="kring.test")
    assert client.get(DESK, base_url="https://kring.test").status_code == 403


def test_the_api_never_looks_at_cookies_nor_a_page_at_keys(demo: Demo) -> None:
    key = demo.key("manager")
    client = demo.client()
    assert client.get(DESK, headers=key).status_code == 303
    client.set_cookie(SIGN_IN_COOKIE, secret_of(key), domain="kring.test")
    assert client.post(THINGS, json=GOOD, base_url="https://kring.test").status_code == 401


def test_the_managers_key_opens_until_another_takes_its_place(demo: Demo) -> None:
    def start_with(key: str | None) -> None:
        with demo.database.begin() as tx:
            keep_manager_key(tx, demo.grants, key)

    def status(key: str) -> int:
        return demo.client().post(THINGS, json=GOOD, headers={"Authorization": f"Bearer {key}"}).status_code

    start_with("first")
    start_with("first")
    assert status("first") == 201
    start_with("second")
    assert (status("first"), status("second")) == (401, 201)
    start_with(None)
    assert status("second") == 201


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/registration/desk?a=b", "/registration/desk?a=b"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("/\t/evil.example/", "/"),
        ("/a\\b", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_nobody_is_sent_to_another_site(address: str | None, path: str) -> None:
    assert own_path(address) == path

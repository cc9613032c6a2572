"""What belongs to others stays with them: published holes in access, tried here.

What each hole was is told in docs/attacks.md. The whole matrix of routes and roles is in tests/access.
"""

import re
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from tests.journeys.kring import MANAGER_KEY, READY, Kring, mine_link, only
from tests.journeys.pages import form_of

HERE, ELSEWHERE = "PV26", "PV30"
ANYONE: dict[str, str] = {}


@pytest.fixture
def meeting(kring: Kring) -> dict[str, Any]:
    """A meeting of here, in a series, that Anna comes to."""
    meeting = kring.publish(series="reeks", region=HERE)
    assert kring.sign_up(meeting, "Anna").status_code == 201
    kring.settle()
    return meeting


def key(kring: Kring, role: str, **reach: str) -> dict[str, str]:
    """What a program with this role shows; ``reach`` as the command takes it."""
    options = [text for name, value in reach.items() for text in (f"--{name}", value)]
    secret = kring.command("keys", "add", "--role", role, "--name", "aanvaller", *options)
    kring.settle()
    return {"Authorization": f"Bearer {secret.splitlines()[-1]}"}


def statuses(kring: Kring, headers: dict[str, str], *calls: tuple[str, str]) -> list[int]:
    return [
        kring.ask(method, path, headers, json={} if method != "GET" else None).status_code for method, path in calls
    ]


def refused(found: list[int]) -> bool:
    return set(found) <= {401, 403, 404}


def test_cve_2026_28352_a_series_cannot_be_managed_without_a_role(kring: Kring, meeting: dict[str, Any]) -> None:
    calls = [("POST", f"/v1/series/reeks/{what}") for what in ("copies", "cancellation", "publication")]
    assert statuses(kring, ANYONE, *calls) == [401] * 3
    foreign = key(kring, "organiser", region=ELSEWHERE)
    for _method, path in calls:
        kring.ask("POST", path, foreign, json={"reason": {"nl": "Weg"}, "dates": ["2027-09-01"]})
    now = kring.ask("GET", f"/v1/meetings/{meeting['id']}", ANYONE)
    assert now.json
    assert now.json["status"] == "published"
    listed = kring.ask("GET", "/v1/meetings?status=draft")
    assert listed.json == [], "nothing was copied either"


def test_cve_2024_25634_the_mail_of_another_organisers_meeting_is_not_shown(
    kring: Kring, meeting: dict[str, Any]
) -> None:
    foreign = key(kring, "organiser", region=ELSEWHERE)
    own = kring.ask("GET", "/notifications/v1/messages")
    assert "anna@gemeente.example" in own.text
    for query in ("", f"?meeting={meeting['id']}", "?recipient=anna@gemeente.example", "?limit=1000"):
        assert "anna" not in kring.ask("GET", f"/notifications/v1/messages{query}", foreign).text
    invited = f"/notifications/v1/meetings/{meeting['id']}/invitations"
    assert refused(statuses(kring, foreign, ("GET", invited)))


def test_cve_2024_25635_neither_keys_nor_people_with_a_role_are_shown_to_an_organiser(kring: Kring) -> None:
    kring.command("organisers", "add", "collega@gemeente.example", "--role", "auditor")
    secret = key(kring, "organiser", region=ELSEWHERE)["Authorization"].removeprefix("Bearer ")
    browser = kring.visitor()
    browser.client.set_cookie("kring_signin", secret)
    page = browser.get("/registration/keys")
    assert page.status_code == 403
    assert "collega" not in page.text
    browser.client.set_cookie("kring_signin", MANAGER_KEY)
    seen_by_manager = browser.get("/registration/keys")
    assert seen_by_manager.status_code == 200
    assert secret not in seen_by_manager.text


def test_cve_2025_53640_details_of_people_are_not_dumped_in_bulk(kring: Kring, meeting: dict[str, Any]) -> None:
    helper = key(kring, "helper", meeting=kring.publish(title={"nl": "Andere"})["id"])
    for headers in (ANYONE, helper, key(kring, "organiser", region=ELSEWHERE)):
        for path in (
            f"/registration/v1/meetings/{meeting['id']}/attendees",
            f"/registration/v1/meetings/{meeting['id']}/registrations",
            "/registration/network/people",
        ):
            answer = kring.ask("GET", path, headers)
            assert answer.status_code in {303, 401, 403, 404}, path
            assert "anna" not in answer.text.lower()
        assert "anna" not in kring.ask("GET", "/v1/reach/people", headers).text.lower(), "numbers only"


def test_cve_2026_9712_a_file_made_for_another_is_not_had_by_its_id(kring: Kring, meeting: dict[str, Any]) -> None:
    draft = kring.ask("POST", "/v1/meetings", json={**READY, "title": {"nl": "Geheim"}}).json or {}
    kept = kring.ask(
        "POST",
        f"/v1/meetings/{draft['id']}/files",
        data={"file": (BytesIO(b"%PDF-1.4 geheim\n%%EOF\n"), "plan.pdf"), "titleNl": "Plan"},
    )
    assert kept.status_code == 201, kept.text
    file_id = (kept.json or {})["id"]
    foreign = key(kring, "organiser", region=ELSEWHERE)
    assert kring.ask("GET", f"/files/{file_id}", ANYONE).status_code == 404
    assert refused(statuses(kring, foreign, ("GET", f"/v1/files/{file_id}"), ("DELETE", f"/v1/files/{file_id}")))
    taken = f"/registration/desk/{meeting['slug']}/attendees.xlsx"
    browser = kring.visitor()
    browser.client.set_cookie("kring_signin", foreign["Authorization"].removeprefix("Bearer "))
    assert browser.get(taken).status_code == 403
    assert kring.visitor().get("/registration/lists/eyJhbGciOiJub25lIn0").status_code == 404


def test_cve_2026_5600_who_came_to_one_meeting_is_not_told_to_the_door_of_another(
    kring: Kring, meeting: dict[str, Any]
) -> None:
    other = kring.publish(region=HERE, title={"nl": "Andere"})
    helper = key(kring, "helper", meeting=other["id"])
    assert kring.ask("GET", f"/registration/v1/meetings/{other['id']}/attendees", helper).json == []
    assert refused(statuses(kring, helper, ("GET", f"/registration/v1/meetings/{meeting['id']}/attendees")))


def test_cve_2026_9349_no_parameter_makes_a_public_page_tell_about_a_booking(
    kring: Kring, meeting: dict[str, Any]
) -> None:
    page = f"/registration/meetings/{meeting['slug']}"
    anna = (kring.ask("GET", f"/registration/v1/meetings/{meeting['id']}/registrations").json or [])[0]
    plain = without_tokens(kring.visitor().get(page))
    for name in ("cancelledBy", "rescheduledBy", "email", "registration", "id", "name", "mine", "token"):
        for value in ("anna@gemeente.example", anna["id"]):
            assert without_tokens(kring.visitor().get(f"{page}?{name}={value}")) == plain


def without_tokens(page: TestResponse) -> str:
    assert page.status_code == 200
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|value=\"[^\"]{40,}\"|\?[a-zA-Z]+=[^\"]*", "", page.text)


def test_cve_2023_2796_what_is_not_public_is_in_no_calendar_whatever_id_is_guessed(kring: Kring) -> None:
    draft = kring.ask("POST", "/v1/meetings", json={**READY, "title": {"nl": "Besloten overleg"}}).json or {}
    visitor = kring.visitor()
    for path in (
        f"/meetings/{draft['id']}.ics",
        f"/meetings/{draft.get('slug', 'besloten-overleg')}.ics",
        "/meetings/besloten-overleg.ics",
        "/meetings/1.ics",
        f"/v1/meetings/{draft['id']}",
        f"/organise/meetings/{draft['id']}",
    ):
        answer = visitor.get(path)
        assert answer.status_code in {303, 401, 404}, path
        assert "Besloten" not in answer.text
    for feed in ("/calendar.ics", "/calendar.atom", "/events.json", "/open-data/meetings.json", "/sitemap.xml"):
        assert "Besloten" not in visitor.get(feed).text
    ids = {(kring.ask("POST", "/v1/meetings", json=READY).json or {})["id"][-12:] for _ in range(8)}
    assert len(ids) == 8, "74 bits of every id are random"


def test_cve_2024_25628_who_loses_a_role_is_out_everywhere_while_signed_in(kring: Kring) -> None:
    kring.command("organisers", "add", "weg@gemeente.example", "--role", "manager")
    browser = kring.visitor()
    browser.press(browser.get("/registration/sign-in"), email="weg@gemeente.example")
    link = re.search(r"/registration/sign-in/\S+", only(kring.new_mail(), "weg@gemeente.example").text)
    assert link
    browser.press(browser.open(link[0]))
    kring.settle()
    doors = ("/organise/", "/registration/desk", "/notifications/mailroom")
    assert [browser.get(door).status_code for door in doors] == [200, 200, 200]
    kring.command("organisers", "remove", "weg@gemeente.example")
    kring.settle()
    assert [browser.get(door).status_code for door in doors] == [303, 303, 303]


def test_cve_2026_23478_nobody_becomes_someone_else_by_naming_their_address(
    kring: Kring, meeting: dict[str, Any]
) -> None:
    kring.command("organisers", "add", "baas@gemeente.example", "--role", "manager")
    mail = only(kring.new_mail(), "anna@gemeente.example")
    anna = kring.visitor()
    mine = anna.open(mine_link(mail)).request.path
    token = form_of(anna.get(f"{mine}/details").text).fields["csrf_token"]
    more = {"email": "baas@gemeente.example", "role": "manager", "personId": "x", "registrationId": "x"}
    anna.client.post(f"{mine}/details", data={"csrf_token": token, "name": "Anna", **more})
    assert anna.get("/registration/desk").status_code == 303
    (row,) = kring.ask("GET", f"/registration/v1/meetings/{meeting['id']}/registrations").json or []
    assert row["email"] == "anna@gemeente.example"
    bearer = {"Authorization": f"Bearer {mine_link(mail).rsplit('/', 1)[1]}"}
    patched = kring.ask("PATCH", f"/registration/v1/registrations/{row['id']}", bearer, json=more)
    assert patched.status_code in {400, 412, 415, 428}


def test_a_link_of_one_registration_opens_no_other(kring: Kring, meeting: dict[str, Any]) -> None:
    kring.sign_up(meeting, "Bram")
    found = kring.new_mail()
    anna, bram = (mine_link(only(found, f"{name}@gemeente.example")) for name in ("anna", "bram"))
    visitor = kring.visitor()
    of_anna, of_bram = (kring.visitor().open(link).request.path for link in (anna, bram))
    visitor.open(anna)
    assert visitor.get(of_bram).status_code == 303
    ours = Client(kring.assembly)
    ours.get(anna)
    cookie = ours.get_cookie("kring_link", path=of_anna)
    assert cookie
    stolen = Client(kring.assembly, use_cookies=False)
    assert stolen.get(of_bram, headers={"Cookie": f"kring_link={cookie.value}"}).status_code in {303, 403}
    scanned = [kring.visitor().open(link) for link in (anna, bram) for _ in range(3)]
    assert {page.status_code for page in scanned} == {200}
    assert kring.attendees(meeting) == ["Anna", "Bram"], "opening links, as mail scanners do, changes nothing"

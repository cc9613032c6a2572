"""The doors themselves, asked as nobody's browser would: from other sites, with odd requests, slowly, and too much."""

import gzip
import json
import re
import socket
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.test import Client, TestResponse

from tests.grounds import Embedded
from tests.journeys.kring import MANAGER_KEY, Kring, found_kring, mine_link, only
from tests.journeys.pages import form_of

JSON = {"Content-Type": "application/json"}
PERSON = {"name": "Anna", "email": "anna@gemeente.example", "targetGroup": "inkoper", "organisation": "Gemeente"}
PAGES = ("/", "/meetings", "/registration/sign-in", "/notifications/subscriptions", "/nergens", "/registration/nergens")


@pytest.fixture
def meeting(kring: Kring) -> dict[str, Any]:
    return kring.publish()


def post(kring: Kring, meeting: dict[str, Any], **sent: Any) -> TestResponse:
    return kring.ask("POST", f"/registration/v1/meetings/{meeting['id']}/registrations", **sent)


def test_cve_2021_30185_whatever_the_host_header_claims_mails_and_redirects_lead_to_us(
    kring: Kring, meeting: dict[str, Any]
) -> None:
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
    assert post(kring, meeting, headers={**evil}, json=PERSON).status_code == 201
    mail = only(kring.new_mail(), "anna@gemeente.example")
    assert "evil.example" not in mail.source.decode()
    assert mine_link(mail)
    machines = (
        "/v1/meetings?limit=1",
        "/sitemap.xml",
        "/calendar.atom",
        "/calendar.ics",
        "/robots.txt",
        "/v1/openapi.json",
    )
    for page in (*PAGES, *machines, "/organise/", mine_link(mail)):
        answer = kring.ask("GET", page, evil)
        assert "evil.example" not in answer.text + str(answer.headers)


@pytest.mark.parametrize("where", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_cve_2024_45399_signing_in_leads_nowhere_else(kring: Kring, where: str) -> None:
    link = kring.command("sign-in-link")
    browser = kring.visitor()
    page = browser.get(f"{urlsplit(link).path}?next={where}")
    done = browser.client.post(
        f"{urlsplit(link).path}?next={where}",
        data={**form_of(page.text).fields, "next": where},
    )
    assert done.status_code == 303
    assert urlsplit(done.headers["Location"]).netloc in {"", "127.0.0.1:8000"}
    assert done.headers["Location"].startswith(("/registration/", "/organise/", "http://127.0.0.1:8000/"))

    ask = "/registration/sign-in"
    form = form_of(browser.get(f"{ask}?next={where}").text).fields
    browser.client.post(ask, data={**form, "next": where, "email": "manager@kring.example"})
    mailed = re.search(rf"{ask}/\S+", only(kring.new_mail(), "manager@kring.example").text)
    assert mailed
    led = browser.client.post(mailed[0], data=form_of(browser.get(mailed[0]).text).fields)
    assert (led.status_code, led.headers["Location"]) == (303, "/registration/desk")


def test_no_other_site_acts_in_a_visitors_name(kring: Kring, meeting: dict[str, Any]) -> None:
    browser = kring.visitor()
    page = f"/registration/meetings/{meeting['slug']}"
    form = {**form_of(browser.get(page).text).fields, **PERSON}
    foreign = (
        {"Origin": "https://evil.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Referer": "http://127.0.0.1:8000.evil.example/"},
    )
    assert [browser.client.post(page, data=form, headers=headers).status_code for headers in foreign] == [403] * 4
    assert browser.client.post(page, data={**form, "csrf_token": "x"}).status_code == 400
    another = kring.visitor()
    assert another.client.post(page, data=form).status_code == 400, "a token is of one visitor"
    assert browser.client.post(page, data=form, headers={"Origin": "http://127.0.0.1:8000"}).status_code == 201


def test_every_answer_forbids_frames_scripts_and_guessing(kring: Kring, meeting: dict[str, Any]) -> None:
    for page in (*PAGES, f"/meetings/{meeting['slug']}", "/v1/meetings", "/calendar.ics", "/health/live"):
        headers = kring.ask("GET", page, {}).headers
        policy = headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"https?:|\*", policy), "nothing comes from elsewhere"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_over_https_every_cookie_is_out_of_reach_and_what_is_personal_is_not_kept(
    embedded: Embedded, tmp_path: Path
) -> None:
    kring = found_kring(embedded, tmp_path, BASE_URL="https://kring.example")
    meeting = kring.publish()
    client = Client(kring.assembly)
    page = client.get(f"/registration/meetings/{meeting['slug']}?lang=en")
    signed_up = client.post(
        f"/registration/meetings/{meeting['slug']}",
        data={**form_of(page.text).fields, **PERSON},
        headers={"Origin": "https://kring.example"},
    )
    assert signed_up.status_code == 201
    link = re.search(r"https://kring\.example(/registration/mine/\S+)", only(kring.new_mail(), PERSON["email"]).text)
    assert link
    opened = client.get(link[1])
    mine = client.get(opened.headers["Location"])
    made = [cookie for answer in (page, signed_up, opened) for cookie in answer.headers.getlist("Set-Cookie")]
    assert len({cookie.partition("=")[0] for cookie in made}) >= 3
    for cookie in made:
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
    assert [answer.headers["Cache-Control"] for answer in (signed_up, opened, mine)] == ["no-store"] * 3
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert "max-age=" in page.headers["Strict-Transport-Security"]
    kring.close()


@pytest.mark.parametrize(
    ("body", "more", "status"),
    [
        (json.dumps({**PERSON, "status": "confirmed", "kind": "speaker", "queueNumber": 0}), {}, 400),
        (json.dumps({**PERSON, "linkVersion": 9, "meetingId": "x", "confirmFirst": False}), {}, 400),
        ('{"name": "Anna", "email": "a@x.example", "email": "b@x.example", "targetGroup": "inkoper"}', {}, 400),
        ("[" * 100_000, {}, 400),
        ('{"name": ' + "9" * 5000 + "}", {}, 400),
        ('{"name": NaN}', {}, 400),
        ("[]", {}, 400),
        ("\udcff\udcfe{", {}, 400),
        (json.dumps(PERSON), {"Content-Type": "text/plain"}, 415),
        (gzip.compress(b" " * 1_000_000), {"Content-Encoding": "gzip"}, 400),
        (" " * 1_100_000, {}, 413),
    ],
    ids=["status", "version", "twice", "deep", "digits", "nan", "list", "bytes", "type", "bomb", "big"],
)
def test_a_body_means_one_thing_and_only_what_may_be_asked(
    kring: Kring, meeting: dict[str, Any], body: str | bytes, more: dict[str, str], status: int
) -> None:
    sent = body if isinstance(body, bytes) else body.encode(errors="surrogateescape")
    answer = post(kring, meeting, headers={**JSON, **more}, data=sent)
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert kring.seats(meeting)["taken"] == 0


def test_a_parameter_is_said_once_and_form_fields_nobody_offered_do_nothing(
    kring: Kring, meeting: dict[str, Any]
) -> None:
    assert kring.ask("GET", "/v1/meetings?limit=1&limit=2", {}).status_code == 400
    assert kring.ask("GET", "/v1/meetings?admin=1", {}).status_code == 400
    browser = kring.visitor()
    page = f"/registration/meetings/{meeting['slug']}"
    form = {**form_of(browser.get(page).text).fields, **PERSON}
    browser.client.post(page, data={**form, "status": "attended", "kind": "speaker", "linkVersion": "9"})
    (row,) = kring.ask("GET", f"/registration/v1/meetings/{meeting['id']}/registrations").json or []
    assert (row["status"], row["kind"]) == ("confirmed", "participant")


def test_addresses_that_look_alike_are_refused_or_the_same_person(kring: Kring, meeting: dict[str, Any]) -> None:
    assert post(kring, meeting, json={**PERSON, "email": "\u0430nna@gemeente.example"}).status_code == 400
    assert post(kring, meeting, json={**PERSON, "email": "anna@gemeente.example,v@x.example"}).status_code == 400
    for email in ("anna@gemeente.example", " ANNA@Gemeente.Example ", "anna@\uff47emeente.example"):
        assert post(kring, meeting, json={**PERSON, "email": email}).status_code == 201
    assert kring.seats(meeting)["taken"] == 1


@pytest.mark.parametrize("root", ["/static/", "/registration/static/", "/files/", "/problems/", "/organise/texts/"])
@pytest.mark.parametrize("way", ["../../app.py", "..%2f..%2fapp.py", "....//app.py", "%00", "/etc/passwd"])
def test_no_path_leads_out_of_its_folder(kring: Kring, root: str, way: str) -> None:
    answer = kring.ask("GET", root + way, {})
    assert answer.status_code in {303, 308, 404}
    assert urlsplit(answer.headers.get("Location", "")).netloc in {"", "127.0.0.1:8000"}
    assert "import" not in answer.text


def test_what_goes_wrong_tells_nothing_of_the_inside(kring: Kring) -> None:
    secrets = [kring.environments["registration"][name] for name in ("SECRET_KEY", "LINK_KEYS", "DATABASE_URL")]
    for method in ("GET", "POST", "PUT", "DELETE", "TRACE"):
        for page in (*PAGES, "/metrics", "/registration/v1/openapi.json", "/registration/mine/a.b.c", "/%ff%fe"):
            answer = kring.ask(method, page, {}, data=b"\xff" if method == "POST" else None)
            assert answer.status_code < 500, (method, page)
            assert "Traceback" not in answer.text
            assert not [secret for secret in secrets if secret in answer.text]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",  # noqa: S104  # somewhere to connect to, not to listen at
        "user@127.0.0.1",
        "127.0.0.1.",
    ],
)
def test_cve_2026_25738_an_address_that_was_handed_in_reaches_nothing_of_ours(kring: Kring, host: str) -> None:
    browser = kring.visitor()
    browser.client.set_cookie("kring_signin", MANAGER_KEY)
    form = form_of(browser.get("/organise/imports").text)
    with socket.create_server(("127.0.0.1", 0)) as ours:
        ours.settimeout(0)
        for port in (f":{ours.getsockname()[1]}", ""):
            answer = browser.submit(form, address=f"https://{host}{port}/calendar.ics")
            assert answer.status_code == 400
        with pytest.raises(BlockingIOError):
            ours.accept()


def test_slow_and_endless_senders_hold_nobody_up(kring: Kring, meeting: dict[str, Any]) -> None:
    path = f"/registration/v1/meetings/{meeting['id']}/registrations"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n{{"
    with kring.served() as address:
        port = urlsplit(address).port or 0
        with ExitStack() as lines:
            for _ in range(20):  # the server has four threads
                line = lines.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
                line.sendall(head.encode())
            assert lives(port)
        assert lives(port), "and when they have gone"


def lives(port: int) -> bool:
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", "/health/live", headers={"Connection": "close"})
        return connection.getresponse().read() != b""

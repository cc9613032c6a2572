"""Language, correlation, headers, cookies, errors: what a browser sees of every page."""

import re
from collections.abc import Mapping
from gzip import decompress as gunzip
from pathlib import Path
from shutil import rmtree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from shared.web.access import verb
from shared.web.api import Api
from tests.shared.web.demo import Demo, demo_service

FORM = "/registration/form"


def send(client: FlaskClient, fields: Mapping[str, str], **headers: str) -> tuple[int, str]:
    """Open the form, and post it as a browser would."""
    page = client.get(FORM, base_url="https://kring.test").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    form = {"csrf_token": found[1], **fields}
    answer = client.post(FORM, data=form, base_url="https://kring.test", headers=headers)
    return answer.status_code, answer.text


def test_the_language_is_asked_for_then_remembered_then_the_browsers_then_dutch(demo: Demo) -> None:
    client = demo.client()
    assert "Toegankelijkheid" in client.get(FORM).text
    assert "Accessibility" in client.get(FORM, headers={"Accept-Language": "de, en;q=0.8, nl;q=0.5"}).text
    assert 'lang="en"' in client.get(f"{FORM}?lang=en", base_url="https://kring.test").text
    assert "Accessibility" in client.get(FORM, base_url="https://kring.test").text
    assert "Toegankelijkheid" in client.get(f"{FORM}?lang=nl", base_url="https://kring.test").text
    assert "Toegankelijkheid" in client.get(f"{FORM}?lang=xx").text


def test_a_feed_looks_at_its_address_only(demo: Demo) -> None:
    english = {"Accept-Language": "en"}
    client = demo.client()
    client.get(f"{FORM}?lang=en", base_url="https://kring.test")
    answer = client.get("/registration/feed.ics", headers=english, base_url="https://kring.test")
    assert answer.text == "Bijeenkomsten"
    answer = client.get("/registration/feed.ics?lang=en")
    assert answer.text == "Meetings"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"X-Correlation-Id": "click-12345"}, "click-12345"),
        (
            {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
            "4bf92f3577b34da6a3ce929d0e0e4736",
        ),
        ({"X-Correlation-Id": "<script>alert(1)</script>"}, None),
        ({"X-Correlation-Id": "x" * 65}, None),
        ({}, None),
    ],
)
def test_one_id_follows_a_request(demo: Demo, sent: Mapping[str, str], kept: str | None) -> None:
    answered = demo.client().get(FORM, headers=sent).headers["X-Correlation-Id"]
    assert answered == kept if kept else re.fullmatch(r"[0-9a-f-]{36}", answered)


def test_every_answer_carries_the_headers_that_protect(demo: Demo) -> None:
    for path in (FORM, "/registration/v1/things", "/registration/nowhere", "/registration/static/base.css"):
        headers = demo.client().get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == ("no-referrer" if "/v1/" in path else "same-origin")
        assert "Strict-Transport-Security" in headers


def test_a_page_with_a_token_in_its_address_tells_nobody_and_is_not_kept(demo: Demo) -> None:
    headers = demo.client().get("/registration/mine/abcdef").headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_the_session_is_this_services_own_and_out_of_reach_of_scripts_and_other_sites(demo: Demo) -> None:
    cookie = demo.client().get(FORM).headers["Set-Cookie"]
    assert cookie.startswith("kring_demo=")
    for attribute in ("Path=/registration", "HttpOnly", "SameSite=Lax", "Secure"):
        assert attribute in cookie


def test_on_plain_http_cookies_are_not_marked_secure(tmp_path: Path) -> None:
    demo = demo_service(tmp_path, base_url="http://127.0.0.1:8000")
    assert "Secure" not in demo.client().get(FORM).headers["Set-Cookie"]


def test_a_form_from_our_own_page_is_taken(demo: Demo) -> None:
    good = {"name": " Anna ", "seatPlan.capacity": "12"}
    assert send(demo.client(), good, Origin="https://kring.test") == (
        200,
        "ok {'name': 'Anna', 'seatPlan': {'capacity': 12}, 'kind': 'a'}",
    )
    assert send(demo.client(), good, **{"Sec-Fetch-Site": "same-origin", "Origin": "null"})[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "https://kring.test.evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/https://kring.test/"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://kring.test"},
    ],
)
def test_a_form_from_another_site_is_refused_even_with_the_right_token(demo: Demo, headers: dict[str, str]) -> None:
    status, page = send(demo.client(), {"name": "Anna", "seatPlan.capacity": "12"}, **headers)
    assert status == 403
    assert "andere website" in page


def test_a_form_without_the_visitors_token_is_refused(demo: Demo) -> None:
    answer = demo.client().post(FORM, data={"name": "Anna"}, headers={"Origin": "https://kring.test"})
    assert answer.status_code == 400
    assert "niet meer geldig" in answer.text


def test_a_wrong_form_comes_back_with_what_was_typed_and_the_reasons_beside_the_fields(demo: Demo) -> None:
    status, page = send(demo.client(), {"name": "<b>A name that is much too long</b>", "seatPlan.capacity": "many"})
    assert status == 400
    assert 'value="&lt;b&gt;A name that is much too long&lt;/b&gt;"' in page
    assert 'value="many"' in page
    assert '<a href="#seatPlan.capacity">Dit is geen heel getal.</a>' in page
    assert 'aria-describedby="name-error" aria-invalid="true"' in page
    assert "Gebruik 1 tot en met 20 tekens." in page


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 415, 429, 500, 503])
def test_every_error_is_a_page_in_the_readers_language(demo: Demo, status: int) -> None:
    answer = demo.client().get(f"/registration/teapot/{status}")
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert '<html lang="nl">' in answer.text
    assert "<h1>" in answer.text


def test_a_defect_shows_a_number_and_writes_down_where_but_not_about_whom(demo: Demo) -> None:
    with capture_logs() as lines:
        answer = demo.client().get("/registration/crash", headers={"X-Correlation-Id": "click-12345"})
    assert answer.status_code == 500
    assert "click-12345" in answer.text
    assert "RuntimeError" not in answer.text
    assert "Traceback" not in answer.text
    assert lines[0]["error"] == "RuntimeError"
    assert "demo.py" in str(lines[0]["where"])
    assert "alice" not in str(lines)


def test_a_database_that_does_not_answer_is_a_matter_of_seconds(demo: Demo) -> None:
    answer = demo.client().get("/registration/locked")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


def test_too_large_a_body_is_refused(demo: Demo) -> None:
    page = demo.client().post(FORM, data={"name": "x" * 1_100_000}, headers={"Origin": "https://kring.test"})
    assert page.status_code == 413
    document = demo.client().post(
        "/registration/v1/things", json={"name": "x" * 1_100_000}, headers=demo.key("manager")
    )
    assert document.status_code == 413
    assert document.mimetype == "application/problem+json"


def test_the_log_tells_the_route_and_never_the_address(demo: Demo) -> None:
    with capture_logs() as lines:
        demo.client().get("/registration/mine/very-secret-token?email=alice@gov.nl")
    assert lines[-1]["rule"] == "/registration/mine/<token>"
    assert lines[-1]["status"] == 200
    assert "very-secret" not in str(lines)
    assert "alice" not in str(lines)


def test_whatever_the_host_header_claims_addresses_are_ours(demo: Demo) -> None:
    answer = demo.client().get("/registration/v1/things?limit=2", headers={"Host": "evil.example"})
    assert "https://kring.test/registration/v1/things" in answer.headers["Link"]
    assert "evil.example" not in str(answer.headers)
    assert "evil.example" not in demo.client().get("/registration//form", headers={"Host": "evil.example"}).text


def test_health_says_alive_and_ready_and_counts(demo: Demo) -> None:
    client = demo.client()
    assert client.get("/registration/health/live").json == {"status": "live"}
    ready = client.get("/registration/health/ready").json
    assert ready
    assert ready["status"] == "ready"
    assert {check["verdict"] for check in ready["checks"].values()} == {"pass"}
    assert 'rule="/registration/health/live",status="200"} 1.0' in client.get("/registration/metrics").text


def test_a_service_whose_database_is_gone_is_alive_but_not_ready(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    demo = demo_service(folder)
    demo.database.engine.dispose()
    rmtree(folder)
    assert demo.client().get("/registration/health/live").status_code == 200
    answer = demo.client().get("/registration/health/ready")
    assert (answer.status_code, answer.json["checks"]["database"]["verdict"]) == (503, "fail")  # type: ignore[index]
    assert 'kring_database_up{service="demo"} 0.0' in demo.client().get("/registration/metrics").text


def test_style_sheets_are_kept_for_long_by_their_content_and_stay_small(demo: Demo) -> None:
    client = demo.client()
    found = re.search(r'href="(/registration/static/look.css\?v=[0-9a-f]+)"', client.get(FORM).text)
    assert found
    answer = client.get(found[1], headers={"Accept-Encoding": "gzip"})
    assert answer.mimetype == "text/css"
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert gunzip(answer.data) == client.get(found[1]).data
    assert len(answer.data) <= 20_000
    assert len(client.get("/registration/static/base.css").data) <= 10_000
    assert client.get("/registration/static/../templates/frame/layout.html").status_code == 404


def test_examples_are_called_examples(tmp_path: Path) -> None:
    demo = demo_service(tmp_path, examples=True)
    assert "verzonnen" in demo.client().get(FORM).text


def test_a_route_without_a_verb_fails_the_build(tmp_path: Path) -> None:
    def forgotten(app: Flask, _api: Api) -> None:
        @app.get("/registration/forgotten")
        def view() -> str:
            return "anyone may see this"

    with pytest.raises(LookupError, match=r"GET /registration/forgotten \(view\) declares no verb"):
        demo_service(tmp_path, more=forgotten)


def test_a_method_without_a_verb_fails_the_build(tmp_path: Path) -> None:
    def half(app: Flask, _api: Api) -> None:
        @app.get("/registration/half")
        @verb("page.read")
        def read() -> str:
            return "read"

        @app.delete("/registration/half")
        def forgotten() -> str:
            return "gone"

    with pytest.raises(LookupError, match="DELETE /registration/half"):
        demo_service(tmp_path, more=half)

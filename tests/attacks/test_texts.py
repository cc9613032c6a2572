"""What people type stays text, wherever it turns up: published holes in mails, lists and pages, tried here.

What each hole was is told in docs/attacks.md.
"""

import csv
import io
import re
from typing import Any

import openpyxl
import pytest

from tests.journeys.kring import MANAGER, MANAGER_KEY, Kring, only
from tests.journeys.pages import form_of

FORMULA = '=HYPERLINK("http://evil.example";"klik")'
MARKUP = '<script src="//evil.example/x.js"></script><img src=x onerror=alert(1)>'
TEMPLATES = "{{7*7}} ${7*7} #{7*7} {%print(7)%} <%=7*7%> %(name)s {0.__class__}"
SECRET = "{meeting.__init__.__globals__[settings]} {event.__init__.__code__.co_filename} {naam.__class__.__mro__}"


def sign_up(kring: Kring, meeting: dict[str, Any], name: str, **more: Any) -> None:
    wish = {"name": name, "email": "gast@gemeente.example", "targetGroup": "inkoper", **more}
    answer = kring.ask("POST", f"/registration/v1/meetings/{meeting['id']}/registrations", headers={}, json=wish)
    assert answer.status_code == 201, answer.text
    kring.settle()


def taken(kring: Kring, meeting: dict[str, Any], media_type: str) -> bytes:
    path = f"/registration/v1/meetings/{meeting['id']}/attendees"
    answer = kring.ask("GET", path, {**MANAGER, "Accept": media_type})
    assert answer.status_code == 200
    return bytes(answer.data)


def test_cve_2023_2258_a_formula_in_a_name_is_text_in_the_organisers_spreadsheet(kring: Kring) -> None:
    meeting = kring.publish()
    sign_up(kring, meeting, FORMULA, organisation="@SUM(1+1)*cmd|' /C calc'!A0")
    text = taken(kring, meeting, "text/csv").decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") for cell in row]
    assert "'" + FORMULA in cells
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
    workbook = taken(kring, meeting, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    found = [cell for sheet in openpyxl.load_workbook(io.BytesIO(workbook)) for row in sheet for cell in row]
    assert not [cell for cell in found if cell.data_type == "f" or cell.hyperlink]


@pytest.mark.parametrize("typed", [TEMPLATES, SECRET], ids=["templates", "attributes"])
def test_cve_2023_2259_what_looks_like_a_template_is_shown_as_it_was_typed(kring: Kring, typed: str) -> None:
    meeting = kring.publish(title={"nl": f"Over {typed}", "en": f"About {typed}"}, description={"nl": typed})
    sign_up(kring, meeting, typed[:150].strip())
    mail = only(kring.new_mail(), "gast@gemeente.example")
    assert typed in mail.subject
    assert f"Over {typed}" in " ".join(mail.text.split())
    written = {"statuses": ["confirmed"], "subject": typed[:100], "text": f"Let op: {typed}"}
    kring.ask("POST", f"/registration/v1/meetings/{meeting['id']}/messages", json=written)
    mail = only(kring.new_mail(), "gast@gemeente.example")
    assert (mail.subject, f"Let op: {typed}" in " ".join(mail.text.split())) == (typed[:100], True)
    for page in (f"/meetings/{meeting['slug']}", f"/registration/meetings/{meeting['slug']}"):
        shown = kring.visitor().get(page).text.split("<main")[1].split("</main")[0]
        assert "7*7" not in typed or not re.search(r"(?<!\w)49(?!\w)", shown)  # ids may hold it among their digits


@pytest.mark.parametrize("number", ["2026_2415", "2026_2451"])
def test_cve_2026_2415_placeholders_are_filled_in_once_and_reach_nothing_else(kring: Kring, number: str) -> None:
    """CVE-2026-2451 was the same hole in another part of pretix: here in the subject, there in the text."""
    meeting = kring.publish()
    sign_up(kring, meeting, "{bijeenkomst} {naam.__class__}")
    kring.new_mail()
    organisers = {"subject": "Voor u", "text": "Beste {naam},"}
    organisers["subject" if number == "2026_2415" else "text"] = f"Voor {{naam}}: {SECRET}"
    sent = kring.ask(
        "POST",
        f"/registration/v1/meetings/{meeting['id']}/messages",
        json={"statuses": ["confirmed"], **organisers},
    )
    assert sent.status_code < 300, sent.text
    mail = only(kring.new_mail(), "gast@gemeente.example")
    said = mail.subject if number == "2026_2415" else " ".join(mail.text.split())
    assert f"Voor {{bijeenkomst}} {{naam.__class__}}: {SECRET}" in said
    assert "co_filename" in said


def test_cve_2024_8113_markup_of_an_organiser_is_text_in_every_preview_and_mail(kring: Kring) -> None:
    meeting = kring.publish(title={"nl": MARKUP}, description={"nl": MARKUP})
    sign_up(kring, meeting, MARKUP)
    browser = kring.visitor()
    browser.client.set_cookie("kring_signin", MANAGER_KEY)
    form = form_of(browser.get(f"/registration/desk/{meeting['slug']}/messages").text, "preview")
    preview = browser.submit(form, subject=MARKUP, text=MARKUP, statuses="confirmed")
    assert "&lt;script" in preview.text
    mail = only(kring.new_mail(), "gast@gemeente.example")
    pages = [
        preview.text,
        mail.html,
        *(
            browser.get(page).text
            for page in (
                f"/meetings/{meeting['slug']}",
                f"/registration/meetings/{meeting['slug']}",
                f"/registration/desk/{meeting['slug']}",
                f"/registration/desk/{meeting['slug']}/attendees",
                f"/organise/meetings/{meeting['id']}",
                f"/organise/meetings/{meeting['id']}/preview",
                f"/organise/meetings/{meeting['id']}/history",
                "/notifications/mailroom",
            )
        ),
    ]
    for page in pages:
        assert '<script src="//evil' not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plaatje.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("blad.html", MARKUP.encode()),
        ("blad.pdf", MARKUP.encode()),
        ("tekst.txt", MARKUP.encode()),
    ],
)
def test_cve_2026_25739_what_a_browser_would_run_is_not_taken_as_a_file(
    kring: Kring, name: str, content: bytes
) -> None:
    meeting = kring.publish()
    files = f"/v1/meetings/{meeting['id']}/files"
    kept = kring.ask("POST", files, data={"file": (io.BytesIO(content), name), "titleNl": "Bijlage"})
    if kept.status_code != 201:
        assert kept.status_code in {400, 415}
        return
    shown = kring.visitor().get((kept.json or {})["url"])
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "html" not in shown.headers["Content-Type"]


def test_cve_2024_45299_data_inside_a_page_does_not_end_its_script(kring: Kring) -> None:
    meeting = kring.publish(title={"nl": "</script><script>alert(1)</script>"})
    page = kring.visitor().get(f"/meetings/{meeting['slug']}").text
    assert "application/ld+json" in page
    assert "<script>alert" not in page


def test_a_line_break_or_an_encoded_word_makes_no_header_and_no_line_of_a_calendar(kring: Kring) -> None:
    meeting = kring.publish()
    for name in ("A\r\nBcc: v@x.example", "A\nATTENDEE:mailto:v@x.example", "A\u2028B", "\u202eA", "A\u200bB\x00"):
        wish = {"name": name, "email": "gast@gemeente.example", "targetGroup": "inkoper"}
        answer = kring.ask("POST", f"/registration/v1/meetings/{meeting['id']}/registrations", headers={}, json=wish)
        assert answer.status_code == 400, repr(name)
    sign_up(kring, meeting, "=?utf-8?q?x=0D=0ABcc:_v@x.example?=")
    mail = only(kring.new_mail(), "gast@gemeente.example")
    assert mail.message["Bcc"] is None
    assert [address.addr_spec for address in mail.message["To"].addresses] == ["gast@gemeente.example"]
    unfolded = mail.calendars[0].replace(b"\r\n ", b"")
    assert unfolded.count(b"\nATTENDEE") == 1

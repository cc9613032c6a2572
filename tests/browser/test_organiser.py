"""An organiser makes a meeting, publishes it, keeps its desk, moves it and calls it off."""

import csv
import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.running import RunningKring
from tests.waiting import eventually


def test_from_a_draft_to_the_attendee_list(
    kring: RunningKring, window: OpenWindow, signed_in: Path, scripts: str
) -> None:
    title = f"Regiotafel duurzame bedrijfskleding ({scripts})"
    page = window(storage_state=signed_in, java_script_enabled=scripts == "with")
    page.goto("/organise")
    page.get_by_role("link", name="Nieuwe bijeenkomst").click()
    page.get_by_label("Titel in het Nederlands", exact=True).fill(title)
    page.get_by_label("Begin", exact=True).fill("2031-06-12T14:00")
    page.get_by_label("Einde", exact=True).fill("2031-06-12T17:00")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_role("status")).to_have_text("Bewaard.")

    page.get_by_role("button", name="Publiceren").click()
    lacking = page.get_by_role("alert").get_by_role("link")
    for field in ("regions", "venue", "seatPlan.capacity", "organiser.name"):
        link = page.get_by_role("alert").locator(f"a[href^='#{field}']")
        expect(link, f"{field} is not refused").to_have_count(1)
    for link in lacking.all():
        target = (link.get_attribute("href") or "")[1:]
        expect(page.locator(f"[id='{target}']"), f"{target} is no field").to_have_count(1)
        expect(page.locator(f"[id='{target}-error']"), f"nothing beside {target}").to_be_visible()
    expect(page.get_by_label("Titel in het Nederlands", exact=True)).to_have_value(title)

    page.get_by_label("Utrecht", exact=True).check()
    page.get_by_label("Naam van de locatie").fill("Stadhuis")
    page.get_by_label("Plaats (niet verplicht)").fill("Amersfoort")
    page.get_by_label("Aantal plekken", exact=True).fill("2")
    page.get_by_label("Organisator", exact=True).fill("Programmabureau")
    page.get_by_role("button", name="Bewaren").click()
    page.get_by_role("button", name="Publiceren").click()
    expect(page.get_by_role("status")).to_contain_text("gepubliceerd")
    expect(page.get_by_label("Begin", exact=True)).to_have_value("2031-06-12T14:00")

    meeting = kring.meeting(title)
    kring.sign_up(meeting, f"ada-{scripts}@gemeente.example", "Ada")
    kring.sign_up(meeting, f"som-{scripts}@gemeente.example", "=SOM(A1)")
    kring.sign_up(meeting, f"cor-{scripts}@gemeente.example", "Cor")
    page.get_by_role("navigation", name="Deze bijeenkomst").get_by_role("link", name="Aanmeldingen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("row", name="inkoper").first).to_contain_text("2")
    expect(page.get_by_role("table", name="Wachtlijst")).to_contain_text("Cor")
    page.get_by_role("link", name="Op het scherm").first.click()  # of everyone
    expect(page.get_by_role("table", name="Deelnemerslijst")).to_contain_text("Ada")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file, delimiter=";") for cell in row]
    assert "Ada" in cells
    assert "'=SOM(A1)" in cells
    assert "Cor" not in cells


def test_the_plan_says_what_it_would_do_while_one_types_and_by_its_button(
    kring: RunningKring, window: OpenWindow, signed_in: Path
) -> None:
    full = kring.meeting("Inspiratiesessie maatschappelijk verantwoord inkopen Rivierenland")
    editor = f"/registration/desk/{full['slug']}/plan"
    said = "2 personen krijgen een plek, 2 personen blijven wachten."
    for scripts in (True, False):
        page = window(java_script_enabled=scripts, storage_state=signed_in)
        page.goto(editor)
        page.get_by_label("Aantal plekken").fill("14")
        if not scripts:
            page.get_by_role("button", name="Laat zien wat er gebeurt").click()
        expect(page.get_by_role("status").filter(has_text="personen")).to_have_text(said)
        expect(page.get_by_role("table", name="Wie nu wacht")).to_contain_text("Krijgt een plek")
        expect(page).to_have_url(re.compile("capacity=14"))
        expect(page.get_by_role("link", name="Toepassen")).to_be_visible()


def test_a_meeting_is_moved_and_called_off(
    kring: RunningKring, window: OpenWindow, signed_in: Path, scripts: str
) -> None:
    meeting, ada = kring.published(f"Verzet ({scripts})", {"capacity": 2}), f"ada.verzet-{scripts}@gemeente.example"
    kring.sign_up(meeting, ada)
    page = window(storage_state=signed_in, java_script_enabled=scripts == "with")
    page.goto(f"/organise/meetings/{meeting['id']}")
    eventually(lambda: page.reload() and "1 persoon met een plek" in page.content())  # catalog heard of Ada
    page.get_by_label("Begin", exact=True).fill("2031-06-12T15:00")
    page.get_by_role("button", name="Bewaren", exact=True).click()
    page.get_by_role("button", name="Bewaren en versturen").click()
    expect(page.get_by_role("status")).to_contain_text("Bewaard.")
    moved = kring.mail_to(ada, "Gewijzigd").get_body(("plain",))
    assert moved is not None
    assert "15.00" in moved.get_content()

    page.get_by_label("Reden, voor de mensen").fill("De zaal is dicht.")
    page.get_by_role("button", name="Bijeenkomst afgelasten").click()
    expect(page.get_by_role("status")).to_contain_text("De bijeenkomst is afgelast.")
    kring.mail_to(ada, "Afgelast")
    page.goto(f"/meetings/{meeting['slug']}")
    expect(page.get_by_role("main")).to_contain_text("De zaal is dicht.")


def test_only_who_signed_in_sees_the_desk(window: OpenWindow) -> None:
    page = window()
    for address in ("/organise", "/registration/desk", "/registration/keys", "/notifications/mailroom"):
        page.goto(address)
        assert urlsplit(page.url).path == "/registration/sign-in", address
        expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen")

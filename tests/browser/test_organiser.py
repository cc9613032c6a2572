"""An organiser makes a meeting, publishes it and keeps its desk; the browser runs no JavaScript."""

import csv
import re
from pathlib import Path
from urllib.parse import urlsplit

import requests
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.running import MANAGER_KEY, RunningKring

TITLE = "Regiotafel duurzame bedrijfskleding"


def test_from_a_draft_to_the_attendee_list(kring: RunningKring, window: OpenWindow, signed_in: Path) -> None:
    page = window(storage_state=signed_in)
    page.goto("/organise")
    page.get_by_role("link", name="Nieuwe bijeenkomst").click()
    page.get_by_label("Titel in het Nederlands", exact=True).fill(TITLE)
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
    expect(page.get_by_label("Titel in het Nederlands", exact=True)).to_have_value(TITLE)

    page.get_by_label("Utrecht", exact=True).check()
    page.get_by_label("Naam van de locatie").fill("Stadhuis")
    page.get_by_label("Plaats (niet verplicht)").fill("Amersfoort")
    page.get_by_label("Aantal plekken", exact=True).fill("2")
    page.get_by_label("Organisator", exact=True).fill("Programmabureau")
    page.get_by_role("button", name="Bewaren").click()
    page.get_by_role("button", name="Publiceren").click()
    expect(page.get_by_role("status")).to_contain_text("gepubliceerd")
    expect(page.get_by_label("Begin", exact=True)).to_have_value("2031-06-12T14:00")

    for name in ("Ada", "=SOM(A1)", "Cor"):
        _sign_up(kring, name)
    page.get_by_role("navigation", name="Deze bijeenkomst").get_by_role("link", name="Aanmeldingen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
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


def test_only_who_signed_in_sees_the_desk(window: OpenWindow) -> None:
    page = window()
    for address in ("/organise", "/registration/desk", "/registration/keys", "/notifications/mailroom"):
        page.goto(address)
        assert urlsplit(page.url).path == "/registration/sign-in", address
        expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen")


def _sign_up(kring: RunningKring, name: str) -> None:
    answer = requests.post(
        f"{kring.address}/registration/v1/meetings/{kring.meeting(TITLE)['id']}/registrations",
        json={
            "name": name,
            "email": f"p{abs(hash(name))}@gemeente.example",
            "organisation": "Amersfoort",
            "targetGroup": "inkoper",
            "language": "nl",
        },
        headers={"Authorization": f"Bearer {MANAGER_KEY}"},
        timeout=10,
    )
    assert answer.status_code == 201, answer.text

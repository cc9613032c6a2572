"""Participants on a phone: a seat from the list and back, a place on the waiting list, a seat for a colleague.

Each story is told twice, in a browser without JavaScript and in one with.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.running import RunningKring, mine_link
from tests.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

TITLE = "Provinciaal leernetwerk circulair inkopen"
PHONE = {"width": 320, "height": 640}


@pytest.fixture
def phone(window: OpenWindow, scripts: str) -> "Page":
    return window(java_script_enabled=scripts == "with", viewport=PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def address(scripts: str) -> Callable[[str], str]:
    """The mail address of somebody who is in no other story."""
    return lambda name: f"{name}-{scripts}@gemeente.example"


def fill_address(page: "Page", address: str, scripts: str) -> None:
    """Type an address and leave the field; a script then says below it whose people write from there."""
    field = page.get_by_label("E-mailadres")
    field.fill(address)
    if scripts == "with":
        field.blur()
        expect(page.locator("#workplace")).not_to_be_empty()


def test_from_the_list_to_a_seat_and_back(
    kring: RunningKring, phone: "Page", address: Callable[[str], str], scripts: str
) -> None:
    phone.goto("/")
    phone.get_by_role("link", name="Alle bijeenkomsten").click()
    phone.get_by_label("Regio", exact=True).select_option(label="Limburg")
    phone.get_by_label("Voor wie", exact=True).select_option(label="inkoper")
    phone.get_by_role("button", name="Tonen").click()
    expect(phone.locator(".card")).to_have_count(1)
    phone.get_by_role("link", name=TITLE).click()
    phone.get_by_role("link", name="Aanmelden", exact=True).click()

    phone.get_by_label("Naam").fill("Noor Nieuw")
    phone.get_by_label("E-mailadres").fill("noor at gemeente")
    phone.get_by_role("button", name="Aanmelden").click()

    mistakes = phone.get_by_role("alert").filter(has=phone.get_by_role("link"))
    expect(mistakes.get_by_role("link")).to_have_count(2)
    for link, field in zip(mistakes.get_by_role("link").all(), ("email", "targetGroup"), strict=True):
        assert link.get_attribute("href") == f"#{field}"
        beside = phone.locator(f"[id='{field}-error']")
        expect(beside).to_be_visible()
        about = phone.locator(f"#{field}").get_attribute("aria-describedby") or ""
        assert beside.get_attribute("id") in about.split()
    expect(phone.get_by_label("Naam")).to_have_value("Noor Nieuw")
    expect(phone.get_by_label("E-mailadres")).to_have_value("noor at gemeente")

    noor = address("noor")
    fill_address(phone, noor, scripts)
    phone.get_by_label("inkoper", exact=True).check()
    if scripts == "without":  # a script says it while one types
        phone.get_by_role("button", name="Aanmelden").click()
    asks = mistakes if scripts == "without" else phone.locator("#workplace")
    expect(asks).to_contain_text("Wij zien niet aan uw e-mailadres waar u werkt")
    phone.get_by_label("Organisatie").fill("Gemeente Voorbeeld")
    phone.get_by_role("button", name="Aanmelden").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("U heeft een plek")
    expect(phone.get_by_text(noor)).to_be_visible()

    phone.goto(mine_link(kring.mail_to(noor, "U heeft een plek")))
    assert "/registration/mine/r/" in phone.url, "the secret of the link stays in the address bar"
    expect(phone.get_by_role("status")).to_contain_text("U heeft een plek")
    phone.get_by_role("button", name="Afmelden").click()
    expect(phone.get_by_role("status")).to_contain_text("U bent niet aangemeld")
    kring.mail_to(noor, "U bent afgemeld")


def test_signing_up_from_a_known_domain_takes_two_typed_fields_a_choice_and_a_button(
    kring: RunningKring, phone: "Page", address: Callable[[str], str], scripts: str
) -> None:
    kring.send("PUT", "/v1/organisations/bekend", {"labels": {"nl": "Bekend"}, "emailDomains": ["bekend.example"]})
    where = f"{kring.address}/registration/workplace?domain=bekend.example"
    eventually(lambda: kring.visits.get(where, timeout=30).json()["organisation"])
    phone.goto(f"/registration/meetings/{kring.meeting('Marktdag')['slug']}")
    form = phone.locator("main form")
    typed = form.locator("input[type=text]:visible, input[type=email]:visible, textarea:visible, select:visible")
    wanted = form.get_by_role("group").filter(has_not_text="niet verplicht").filter(has=phone.get_by_role("radio"))
    expect(typed).to_have_count(2)
    expect(wanted).to_have_count(1)
    expect(form.get_by_role("button")).to_have_count(1)

    typed.nth(0).fill("Kim Kent")
    fill_address(phone, f"kim-{address('kent').replace('gemeente', 'bekend')}", scripts)
    wanted.get_by_label("inkoper", exact=True).check()
    form.get_by_role("button").click()

    expect(phone.get_by_role("heading", level=1)).to_have_text("U heeft een plek")


def test_full_means_waiting_until_somebody_cancels_and_the_seat_is_offered(
    kring: RunningKring, phone: "Page", address: Callable[[str], str], scripts: str
) -> None:
    meeting = kring.published(f"Vol {address('huis')}", {"capacity": 1, "promotion": "offer"})
    kring.sign_up(meeting, address("eerste"))
    phone.goto(f"/registration/meetings/{meeting['slug']}")
    phone.get_by_label("Naam").fill("Wim Wachter")
    fill_address(phone, address("tweede"), scripts)
    if scripts == "without":  # a script unfolds it for a domain that nobody knows
        phone.get_by_text("Is het een andere?").click()
    phone.get_by_label("Organisatie").fill("Provincie Voorbeeld")
    phone.get_by_label("inkoper", exact=True).check()
    phone.get_by_role("button", name="Aanmelden").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("U bent nummer 1 op de wachtlijst")
    phone.goto(mine_link(kring.mail_to(address("tweede"))))
    expect(phone.get_by_role("status")).to_contain_text("nummer 1")

    phone.goto(mine_link(kring.mail_to(address("eerste"), "U heeft een plek")))
    phone.get_by_role("button", name="Afmelden").click()
    expect(phone.get_by_role("status")).to_contain_text("U bent niet aangemeld")

    phone.goto(mine_link(kring.mail_to(address("tweede"), "Plek aangeboden")))
    phone.get_by_role("button", name="Ja, ik wil deze plek").click()
    expect(phone.get_by_role("status")).to_contain_text("U heeft een plek")
    kring.mail_to(address("tweede"), "U heeft een plek")


def test_a_colleague_takes_the_seat_over(kring: RunningKring, phone: "Page", address: Callable[[str], str]) -> None:
    meeting = kring.published(f"Doorgeven {address('plek')}", {"capacity": 1})
    kring.sign_up(meeting, address("gever"))
    giver = mine_link(kring.mail_to(address("gever"), "U heeft een plek"))
    phone.goto(giver)
    phone.get_by_role("link", name="Mijn plek doorgeven").first.click()
    phone.get_by_label("Naam van uw collega").fill("Nina Nemer")
    phone.get_by_label("E-mailadres van uw collega").fill(address("nemer"))
    phone.get_by_role("button", name="Vraag mijn collega").click()
    expect(phone.get_by_text("Nina Nemer")).to_be_visible()

    phone.goto(kring.link_in(kring.mail_to(address("nemer")), "/registration/transfers/"))
    phone.get_by_role("button", name="Ja, ik neem deze plek over").click()
    expect(phone.get_by_role("status")).to_contain_text("U heeft een plek")

    phone.goto(giver)
    expect(phone.get_by_role("status")).to_contain_text("U bent niet aangemeld")
    phone.goto(mine_link(kring.mail_to(address("nemer"), "U heeft een plek")))
    expect(phone.get_by_role("status")).to_contain_text("U heeft een plek")


def test_why_one_waits_is_said_in_words(kring: RunningKring, phone: "Page") -> None:
    waiting = kring.guest(kring.meeting("Inspiratiesessie"), "waitlisted")
    phone.goto(mine_link(kring.mail_to(waiting["email"], "wachtlijst")))
    expect(phone.get_by_role("status")).to_contain_text("omdat daarvoor plekken zijn vrijgehouden")


def test_the_language_is_remembered(phone: "Page") -> None:
    phone.goto("/meetings")
    assert phone.locator("html").get_attribute("lang") == "nl"
    phone.get_by_role("link", name="English").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Meetings")
    for path in ("/", "/registration/sign-in", "/privacy"):
        phone.goto(path)
        assert phone.locator("html").get_attribute("lang") == "en", path
    phone.get_by_role("link", name="Nederlands").click()
    phone.goto("/registration/sign-in")
    assert phone.locator("html").get_attribute("lang") == "nl"


def test_scripts_help_while_one_types_and_keep_the_seats_up_to_date(kring: RunningKring, window: OpenWindow) -> None:
    page, meeting = window(java_script_enabled=True), kring.meeting(TITLE)
    page.goto(f"/meetings/{meeting['slug']}")
    seats = page.locator("[data-seats]")
    said = seats.inner_text()
    seats.evaluate("line => { line.textContent = 'as it was an hour ago' }")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(seats).to_have_text(said)

    page.goto(f"/registration/meetings/{meeting['slug']}")
    email, organisation = page.get_by_label("E-mailadres"), page.get_by_label("Organisatie")
    email.fill("noor at gemeente")
    email.blur()
    expect(page.locator("#email-error")).to_be_visible()
    assert "email-error" in (email.get_attribute("aria-describedby") or "").split()
    email.fill("noor@gemeente.example")
    expect(page.locator("#email-error")).to_have_count(0)
    expect(organisation).to_be_hidden()
    email.blur()
    expect(page.locator("#workplace")).to_contain_text("Wij zien niet aan uw e-mailadres waar u werkt")
    expect(organisation).to_be_visible()
    organisation.press_sequentially("Maastr")
    expect(page.locator("#organisations option")).to_have_count(1)

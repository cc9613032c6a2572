"""A participant finds a meeting, signs up and gives the seat back; the browser runs no JavaScript."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.running import RunningKring, mine_link

TITLE = "Provinciaal leernetwerk circulair inkopen"


def test_from_the_list_to_a_seat_and_back(kring: RunningKring, window: OpenWindow) -> None:
    page = window()
    page.goto("/")
    page.get_by_role("link", name="Alle bijeenkomsten").click()
    page.get_by_label("Regio").select_option(label="Limburg")
    page.get_by_label("Voor wie").select_option(label="inkoper")
    page.get_by_role("button", name="Tonen").click()
    expect(page.locator(".card")).to_have_count(1)
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="Aanmelden", exact=True).click()

    page.get_by_label("Naam").fill("Noor Nieuw")
    page.get_by_label("E-mailadres").fill("noor at gemeente")
    page.get_by_role("button", name="Aanmelden").click()

    mistakes = page.get_by_role("alert")
    expect(mistakes.get_by_role("link")).to_have_count(2)
    for link, field in zip(mistakes.get_by_role("link").all(), ("email", "targetGroup"), strict=True):
        assert link.get_attribute("href") == f"#{field}"
        beside = page.locator(f"[id='{field}-error']")
        expect(beside).to_be_visible()
        assert beside.get_attribute("id") in (page.locator(f"#{field}").get_attribute("aria-describedby") or "").split()
    expect(page.get_by_label("Naam")).to_have_value("Noor Nieuw")
    expect(page.get_by_label("E-mailadres")).to_have_value("noor at gemeente")

    page.get_by_label("E-mailadres").fill("noor@gemeente.example")
    page.get_by_label("inkoper", exact=True).check()
    page.get_by_role("button", name="Aanmelden").click()
    expect(mistakes).to_contain_text("Wij zien niet aan uw e-mailadres waar u werkt")
    page.get_by_label("Organisatie").fill("Gemeente Voorbeeld")
    page.get_by_role("button", name="Aanmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("U heeft een plek")
    expect(page.get_by_text("noor@gemeente.example")).to_be_visible()

    page.goto(mine_link(kring.mail_to("noor@gemeente.example", "U heeft een plek")))
    assert "/registration/mine/r/" in page.url, "the secret of the link stays in the address bar"
    expect(page.get_by_role("status")).to_contain_text("U heeft een plek")
    page.get_by_role("button", name="Afmelden").click()
    expect(page.get_by_role("status")).to_contain_text("U bent niet aangemeld")
    kring.mail_to("noor@gemeente.example", "U bent afgemeld")


def test_full_means_a_place_on_the_waiting_list_in_words(kring: RunningKring, window: OpenWindow) -> None:
    page = window()
    page.goto(f"/registration/meetings/{kring.meeting('Inspiratiesessie')['slug']}")
    page.get_by_label("Naam").fill("Wim Wachter")
    page.get_by_label("E-mailadres").fill("wim@provincie.example")
    page.get_by_text("Is het een andere?").click()
    page.get_by_label("Organisatie").fill("Provincie Voorbeeld")
    page.get_by_label("inkoper", exact=True).check()
    page.get_by_role("button", name="Aanmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("U bent nummer 5 op de wachtlijst")

    page.goto(mine_link(kring.mail_to("wim@provincie.example")))
    expect(page.get_by_role("status")).to_contain_text("omdat daarvoor plekken zijn vrijgehouden")


def test_the_language_is_remembered(window: OpenWindow) -> None:
    page = window()
    page.goto("/meetings")
    assert page.locator("html").get_attribute("lang") == "nl"
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Meetings")
    for address in ("/", "/registration/sign-in", "/privacy"):
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == "en", address
    page.get_by_role("link", name="Nederlands").click()
    page.goto("/registration/sign-in")
    assert page.locator("html").get_attribute("lang") == "nl"


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

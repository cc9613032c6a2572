"""From the link in a mail to a calendar that holds all of one's own meetings, and follows them."""

import re
from pathlib import Path

from icalendar import Calendar

from tests.journeys.kring import BASE_URL, Kring, Visitor, mine_link
from tests.journeys.pages import form_of
from tests.shared.calendar.judges import subscribe


def test_a_person_subscribes_to_their_own_meetings(kring: Kring, tmp_path: Path) -> None:
    full = kring.publish(seatPlan={"capacity": 1})
    online = kring.publish(title={"nl": "Tweede"}, attendanceMode="online", onlineUrl="https://video.example/room")
    kring.sign_up(full, "Bram")
    for meeting in (full, online):
        kring.sign_up(meeting, "Anna")
    anna = kring.visitor()
    page = to_own_calendar(anna, mine_link(kring.new_mail()["anna@gemeente.example"][0]))
    address = made(anna, page)

    with kring.served() as site:
        feed = site + address
        assert titles(subscribe(feed, tmp_path)) == ["Tweede", "Wachtlijst: Samen circulair inkopen"]
        signed_up = kring.ask("GET", f"/registration/v1/meetings/{full['id']}/registrations").json or []
        kring.ask("PUT", f"/registration/v1/registrations/{signed_up[0]['id']}/cancellation", json={})
        kring.ask("POST", f"/v1/meetings/{online['id']}/cancellation", json={})
        mails = kring.new_mail()
        assert titles(subscribe(feed, tmp_path)) == ["Afgelast: Tweede", "Samen circulair inkopen"]
        again = made(anna, page)
        assert kring.visitor().get(address).status_code == 404
        assert titles(subscribe(site + again, tmp_path)) == ["Afgelast: Tweede", "Samen circulair inkopen"]

    assert {mail.subject for mail in mails["anna@gemeente.example"]} == {
        "Er is een adres gemaakt voor uw eigen agenda",
        "U heeft een plek: Samen circulair inkopen",
        "Afgelast: Tweede",
    }
    secret = address.rpartition("/")[2].removesuffix(".ics")
    assert not [mail for mail in kring.all_mail() if secret.encode() in mail.source or secret in mail.text]


def to_own_calendar(person: Visitor, link: str) -> str:
    """From the link in the mail by the link on the page to the page with the buttons; gives where that is."""
    mine = person.open(link)
    assert "Niet nodig als u onze uitnodigingen accepteert." in mine.text
    (way,) = re.findall(r'href="(/registration/mine/r/[^"]+/calendar)"', mine.text)
    page = person.open(way)
    assert re.fullmatch(r"/notifications/calendar/mine/r/[0-9a-f-]{36}", page.request.path)
    return page.request.path


def made(person: Visitor, page: str) -> str:
    """Press the button that makes an address; gives its path."""
    form = form_of(person.open(page).text, page.rpartition("/")[2])
    shown = person.submit(form)
    (address,) = re.findall(rf"<code>{re.escape(BASE_URL)}(/notifications/calendar/[\w-]+\.ics)</code>", shown.text)
    return str(address)


def titles(files: list[Path]) -> list[str]:
    return sorted(str(Calendar.from_ical(file.read_bytes()).events[0]["SUMMARY"]) for file in files)

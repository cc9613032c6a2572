"""Nobody's mailbox is filled by who merely knows their address, and what a seat holder is owed still arrives."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from werkzeug.test import Client, TestResponse

from services.registration.actions.settle import lock_meeting
from services.registration.actions.sign_up import sign_up
from services.registration.rules.sign_ups import SignUp
from shared.db.transaction import new_id
from shared.events.sparring import Partner, SparAsked, Sparring
from shared.web.limits import PER_WINDOW
from tests.journeys.kring import Kring, mine_link
from tests.journeys.pages import form_of
from tests.notifications.office import Mail

VICTIM = "slachtoffer@gemeente.example"
HOUR = timedelta(hours=1)
Sent = list[tuple[datetime, Mail]]


def post_office(kring: Kring, seen: set[str]) -> Sent:
    """Let everything that follows happen; gives the mails that went, and when."""
    kring.settle()
    new = [mail for mail in kring.all_mail() if mail.name not in seen]
    seen |= {mail.name for mail in new}
    return [(kring.clock(), mail) for mail in new]


def most_in_an_hour(mails: Sequence[tuple[datetime, Mail]]) -> int:
    moments = [moment for moment, _mail in mails]
    return max(sum(start <= moment < start + HOUR for moment in moments) for start in moments)


def sign_up_in_bulk(kring: Kring, meeting: Mapping[str, Any], count: int) -> None:
    """Past every limit on posts: as many sign-ups at one moment as an attacker likes."""
    registration = kring.assembly.registration
    wish = SignUp(name="Slachtoffer", email=VICTIM, address_key=VICTIM, target_group="inkoper")
    with registration.database.begin() as tx:
        lock_meeting(tx, meeting["id"])
        sign_up(tx, meeting["id"], [wish] * count)


def test_ten_thousand_sign_ups_bring_three_mails_an_hour_and_every_invitation_in_the_end(kring: Kring) -> None:
    meetings = [kring.publish(title={"nl": f"Bijeenkomst {number}"}) for number in range(8)]
    mails: Sent = []
    seen: set[str] = set()
    for number in range(40):
        sign_up_in_bulk(kring, meetings[number % len(meetings)], 250)
        mails += post_office(kring, seen)
        kring.clock.forward(minutes=3)
    for _ in range(24):
        mails += post_office(kring, seen)
        kring.clock.forward(minutes=20)
    assert most_in_an_hour(mails) == 3
    invited = [mail.entry.summary for _moment, mail in mails if mail.calendars]
    assert sorted(invited) == [f"Bijeenkomst {number}" for number in range(8)], "deferred, never dropped"
    assert len(mails) < 25, "what is told again is told once more, not for days"


def ask(kring: Kring, meeting: Mapping[str, Any], email: str, network: str = "192.0.2.1", **more: str) -> TestResponse:
    wish = {"name": "Iemand", "email": email, "targetGroup": "inkoper", **more}
    path = f"/registration/v1/meetings/{meeting['id']}/registrations"
    return Client(kring.assembly).post(path, json=wish, environ_overrides={"REMOTE_ADDR": network})


def test_through_the_door_it_is_the_same_from_many_networks_by_copies_and_by_variants_of_the_address(
    kring: Kring,
) -> None:
    meetings = [kring.publish(title={"nl": f"Bijeenkomst {number}"}) for number in range(3)]
    statuses: Counter[int] = Counter()
    for number in range(30):
        for meeting in meetings:
            answer = ask(kring, meeting, VICTIM, network=f"198.51.100.{number}")
            statuses[answer.status_code] += 1
            ask(kring, meeting, f"slachtoffer+{number}@gemeente.example", network=f"198.51.100.{number}")
            ask(kring, meeting, f"ander{number}@gemeente.example", copyTo=VICTIM)
    assert statuses == {201: PER_WINDOW["address"], 429: 90 - PER_WINDOW["address"]}
    found = kring.new_mail()
    to_victim = [mail for address, mails in found.items() if address.startswith("slachtoffer") for mail in mails]
    assert len(to_victim) == 3


def test_a_flood_of_links_is_slowed_down_and_keeps_nobody_from_signing_up_or_in(kring: Kring) -> None:
    meeting = kring.publish()
    kring.command("organisers", "add", VICTIM, "--role", "manager")
    for _ in range(12):
        visitor = kring.visitor()
        visitor.press(visitor.get("/registration/sign-in"), email=VICTIM)
    ask(kring, meeting, VICTIM)
    mails = kring.new_mail()[VICTIM]
    links = [mail for mail in mails if not mail.calendars]
    assert (len(links), len(mails)) == (3, 4)
    signed_in = kring.visitor()
    address = re.search(r"/registration/sign-in/\S+", links[0].text)
    assert address
    assert signed_in.press(signed_in.open(address[0])).status_code == 200
    kring.clock.forward(hours=2)
    assert VICTIM not in kring.new_mail(), "a link that ended while it waited is not sent any more"


def test_requests_to_talk_are_relayed_three_an_hour_and_hold_up_no_invitation(kring: Kring) -> None:
    """Past the limits on requests: whoever is asked by many gets them one after the other, and all of them."""
    meeting = kring.publish()
    registration = kring.assembly.registration.database
    for number in range(7):
        asker, asked = Partner(name=f"Vrager {number}"), Partner(name="Slachtoffer", email=VICTIM)
        talk = Sparring(id=new_id(), status="open", asker=asker, asked=asked, turn="asked", created_at=kring.clock())
        with registration.begin() as tx:
            tx.publish(SparAsked(sparring=talk))
    ask(kring, meeting, VICTIM)
    mails: Sent = []
    seen: set[str] = set()
    for _ in range(13):
        mails += post_office(kring, seen)
        kring.clock.forward(minutes=20)
    requests = [(moment, mail) for moment, mail in mails if "sparren" in mail.subject]
    assert most_in_an_hour(requests) == 3
    assert sorted(mail.subject[:8] for _moment, mail in requests) == [f"Vrager {number}" for number in range(7)]
    assert [moment for moment, mail in mails if mail.calendars] == [mails[0][0]]


def test_a_series_post_counts_once_and_brings_all_its_invitations_at_once(kring: Kring) -> None:
    meetings = [
        kring.publish(series="reeks", startsAt=f"2027-06-{day}T14:00", endsAt=f"2027-06-{day}T17:00")
        for day in range(10, 16)
    ]
    wish = {"name": "Anna", "email": VICTIM, "targetGroup": "inkoper", "meetings": ["all"]}
    Client(kring.assembly).post("/registration/v1/series/reeks/registrations", json=wish)
    mails = kring.new_mail()[VICTIM]
    assert len({mail.entry.starts_at for mail in mails if mail.calendars}) == len(meetings) == 6
    assert [answer.status_code for answer in [ask(kring, meetings[0], VICTIM)] * 3] == [201] * 3


def test_a_whole_ministry_is_not_refused_but_asked_to_confirm(kring: Kring) -> None:
    meeting = kring.publish(seatPlan={"capacity": 2000})
    assert PER_WINDOW["network"] >= 300
    limits = kring.assembly.registration.app.extensions["kring_limits"]
    for number in range(PER_WINDOW["network"]):
        assert not limits.count("sign-up", {"network": "192.0.2.1"}), number
    crowded = ask(kring, meeting, "anna@ministerie.example")
    again = ask(kring, meeting, "anna@ministerie.example")
    elsewhere = ask(kring, meeting, "bram@ministerie.example", network="192.0.2.2")
    assert [answer.status_code for answer in (crowded, again, elsewhere)] == [201] * 3
    assert crowded.json == again.json == {"status": "unconfirmed"}
    assert elsewhere.json == {"status": "confirmed"}
    assert kring.seats(meeting)["taken"] == 1

    first, _again = sorted(kring.new_mail()["anna@ministerie.example"], key=lambda mail: mail.name, reverse=True)
    assert "Was u dit niet? Dan hoeft u niets te doen." in first.text
    visitor = kring.visitor()
    page = visitor.open(mine_link(first))
    visitor.submit(form_of(page.text, "confirmation"))
    assert kring.seats(meeting)["taken"] == 2

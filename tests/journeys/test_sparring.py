"""Two people of the network talk something over: asked, agreed, moved and ended, in mails, calendars and on pages."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from services.notifications.tables import invitation, outgoing_mail, sparring
from services.registration.actions.ask_erasure import ask_erasure
from services.registration.tables import erasure, flow
from shared.db.ledger import Ledger
from shared.people.pseudonyms import Pseudonyms
from shared.web.app import settings_of
from tests.journeys.itip import CalendarProgram
from tests.journeys.kring import BASE_URL, Kring, Visitor, only
from tests.journeys.pages import form_of
from tests.notifications.answering import answer, words
from tests.notifications.office import Mail

ANNA, BRAM = "anna@gemeente.example", "bram@gemeente.example"
QUESTION = "Hoe neemt u hergebruik op in een aanbesteding?"
MONDAY = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def people(kring: Kring) -> dict[str, Visitor]:
    """Anna and Bram take part in the network, each in a browser of their own."""
    meeting = kring.publish(targetGroups=[])
    return {name: member(kring, meeting, name) for name in ("Anna", "Bram")}


def member(kring: Kring, meeting: Mapping[str, Any], name: str) -> Visitor:
    """Somebody with a seat signs in by mail and makes a profile that everyone in the network sees."""
    kring.sign_up(meeting, name, organisation=f"Gemeente {name}")
    kring.new_mail()
    visitor = kring.visitor()
    visitor.press(visitor.get("/registration/network/sign-in"), email=f"{name.lower()}@gemeente.example")
    (mail,) = kring.new_mail()[f"{name.lower()}@gemeente.example"]
    visitor.press(visitor.open(link_in(mail, "network/sign-in")))
    form = {"name": name, "targetGroup": "inkoper", "visibleTo": "network", "agree": "true"}
    visitor.press(visitor.get("/registration/network/profile"), **form)
    return visitor


def link_in(mail: Mail, page: str) -> str:
    (link,) = set(re.findall(rf"{re.escape(BASE_URL)}(/registration/{page}/\S+)", mail.text))
    return str(link)


def asks(visitor: Visitor, name: str, **wish: str) -> None:
    """Find somebody in the directory, and ask them."""
    people = visitor.get(f"/registration/network/people?q={name}").text
    page = re.search(r'href="(/registration/network/people/[0-9a-f-]{36})"', people)
    assert page
    asked = visitor.press(visitor.get(f"{page[1]}/sparring"), words=QUESTION, **wish)
    assert "Wij hebben uw vraag ontvangen" in asked.text


def does(visitor: Visitor, address: str, what: str, **typed: str) -> str:
    """Press one of the buttons on the page of a talk."""
    page = visitor.open(address)
    return visitor.submit(form_of(page.text, what), **typed).text


def all_in(calendars: Mapping[str, CalendarProgram], found: Mapping[str, Sequence[Mail]]) -> None:
    for address, mails in found.items():
        for mail in mails:
            calendars[address].receive(mail)


def test_the_whole_talk(kring: Kring, people: dict[str, Visitor]) -> None:
    calendars = {ANNA: CalendarProgram(), BRAM: CalendarProgram()}
    asks(people["Anna"], "Bram", first="2027-03-01T10:00", second="2027-03-02T10:00")
    found = kring.new_mail()
    request = only(found, BRAM)
    assert list(found) == [BRAM]
    assert request.message["Reply-To"] is None
    assert ANNA not in request.source.decode() + request.text + request.html
    assert "Anna (Gemeente Anna, inkoper) wil graag met u sparren" in request.text.replace("Inkoper", "inkoper")
    assert QUESTION in request.text
    assert "One-Click" in str(request.message["List-Unsubscribe-Post"])

    link, by_link = link_in(request, "sparring"), kring.visitor()
    assert "2027-03-01T09:00:00Z" in by_link.open(link).text
    assert kring.new_mail() == {}
    does(by_link, link, "/choice", time="2027-03-01T09:00:00Z", place="https://bellen.example/1")
    agreed = kring.new_mail()
    all_in(calendars, agreed)
    is_an_invitation_for_one_of_two(only(agreed, ANNA), ANNA, BRAM)
    is_an_invitation_for_one_of_two(only(agreed, BRAM), BRAM, ANNA)

    invited = only(agreed, BRAM)
    kring.drop(answer(invited, "TENTATIVE", METHOD="COUNTER", DTSTART="20270303T130000Z", COMMENT="Liever woensdag"))
    proposed = kring.new_mail()
    assert list(proposed) == [ANNA]
    assert {mail.subject for mail in proposed[ANNA]} == {
        "Een ander moment om te sparren met Bram?",
        "Bram over uw gesprek",
    }
    assert any("Liever woensdag" in mail.text for mail in proposed[ANNA])
    (proposal,) = (mail for mail in proposed[ANNA] if "woensdag 3 maart 2027, 14.00 uur" in mail.text)
    assert [entry.starts_at for entry in calendars[ANNA].shown()] == [MONDAY]
    does(people["Anna"], link_in(proposal, "sparring"), "/choice", time="2027-03-03T13:00:00Z")
    moved = kring.new_mail()
    all_in(calendars, moved)
    for address in (ANNA, BRAM):
        (entry,) = calendars[address].shown()
        assert (entry.sequence, entry.starts_at) == (1, datetime(2027, 3, 3, 13, 0, tzinfo=UTC))

    kring.drop(words(only(moved, BRAM), "Neemt u het bestek mee?"))
    passed_on = only(kring.new_mail(), ANNA)
    assert "Neemt u het bestek mee?" in passed_on.text
    assert passed_on.message["Reply-To"] == BRAM

    kring.drop(calendars[ANNA].answer("DECLINED", kring.clock.now))
    off = kring.new_mail()
    all_in(calendars, off)
    assert list(off) == [BRAM]
    assert only(off, BRAM).entry.method == "CANCEL"
    assert calendars[ANNA].shown() == calendars[BRAM].shown() == []
    assert "gaat niet door" in people["Bram"].get("/registration/network/sparring").text
    kring.drop(answer(only(moved, ANNA), "ACCEPTED", at=kring.clock.now))
    back = only(kring.new_mail(), ANNA)
    assert (back.entry.method, back.entry.uid) == ("CANCEL", only(moved, ANNA).entry.uid)


def is_an_invitation_for_one_of_two(mail: Mail, mine: str, theirs: str) -> None:
    """The mail says how to reach the other; the entry, which colleagues may read, does not."""
    assert (mail.entry.method, mail.entry.sequence, mail.entry.starts_at) == ("REQUEST", 0, MONDAY)
    assert mail.entry.attendee.value == f"mailto:{mine}"
    assert "Sparren met" in mail.entry.summary
    assert theirs in mail.text
    assert theirs not in mail.calendars[0].decode()
    assert b"X-MICROSOFT-DISALLOW-COUNTER:FALSE" in mail.calendars[0]
    assert b"CLASS:PRIVATE" in mail.calendars[0]  # colleagues see that the time is taken
    assert b"LOCATION:https://bellen.example/1" in mail.calendars[0]
    assert "/registration/" not in mail.calendars[0].decode()


def test_a_request_without_a_moment_asks_for_one(kring: Kring, people: dict[str, Visitor]) -> None:
    asks(people["Anna"], "Bram")
    request = only(kring.new_mail(), BRAM)
    assert "Stel een moment voor of zeg nee:" in request.text
    assert "Kies een moment" not in request.text + request.html
    does(people["Bram"], link_in(request, "sparring"), "/proposal", moment="2027-03-01T10:00")

    proposal = only(kring.new_mail(), ANNA)
    assert proposal.subject == "Een moment om te sparren met Bram?"
    assert "Bram stelt een moment voor uw gesprek voor." in proposal.text
    assert "een ander moment voor uw gesprek" not in proposal.text + proposal.html


def test_a_calendar_whose_other_time_does_not_suit_is_told_so_and_a_page_is_not(
    kring: Kring, people: dict[str, Visitor]
) -> None:
    calendar = CalendarProgram()
    asks(people["Anna"], "Bram", first="2027-03-01T10:00")
    does(people["Bram"], link_in(only(kring.new_mail(), BRAM), "sparring"), "/choice", time="2027-03-01T09:00:00Z")
    invited = only(kring.new_mail(), BRAM)
    assert b"LOCATION:U spreekt samen af hoe en waar" in invited.calendars[0]
    calendar.receive(invited)

    kring.drop(answer(invited, "TENTATIVE", METHOD="COUNTER", DTSTART="20270303T130000Z"))
    proposal = only(kring.new_mail(), ANNA)
    does(people["Anna"], link_in(proposal, "sparring"), "/refusal")
    told = kring.new_mail()
    assert list(told) == [BRAM]
    no = only(told, BRAM)
    assert (no.entry.method, no.entry.sequence, no.entry.starts_at) == ("DECLINECOUNTER", 0, MONDAY)
    assert no.entry.stamped_at > invited.entry.stamped_at
    assert "blijft" in no.subject
    calendar.receive(no)
    assert [entry.starts_at for entry in calendar.shown()] == [MONDAY]

    kring.clock.forward(minutes=5)
    does(people["Bram"], link_in(invited, "sparring"), "/proposal", moment="2027-03-04T10:00")
    does(people["Anna"], link_in(only(kring.new_mail(), ANNA), "sparring"), "/refusal")
    assert only(kring.new_mail(), BRAM).calendars == []


def test_no_mail_says_that_somebody_did_not_answer(kring: Kring, people: dict[str, Visitor]) -> None:
    """Nor does one go to who wants no mail of the network: it stands on their page."""
    asks(people["Anna"], "Bram", first="2027-03-01T10:00")
    request = only(kring.new_mail(), BRAM)
    unsubscribe = re.search(r"<(\S+)>", str(request.message["List-Unsubscribe"]))
    assert unsubscribe
    kring.visitor().client.post(unsubscribe[1].removeprefix(BASE_URL), data={"List-Unsubscribe": "One-Click"})
    kring.clock.forward(days=14)
    assert kring.new_mail() == {}
    kring.clock.forward(days=1)

    for name in ("Anna", "Bram"):  # sessions last eight hours
        people[name].press(people[name].get("/registration/network/sign-in"), email=f"{name.lower()}@gemeente.example")
        (mail,) = kring.new_mail()[f"{name.lower()}@gemeente.example"]
        people[name].press(people[name].open(link_in(mail, "network/sign-in")))
    assert "verlopen" in people["Anna"].get("/registration/network/sparring").text
    asks(people["Anna"], "Bram", first="2027-03-01T10:00")
    assert kring.new_mail() == {}
    assert "u bent aan zet" in people["Bram"].get("/registration/network/sparring").text


def test_who_leaves_takes_the_talk_out_of_both_calendars(kring: Kring, people: dict[str, Visitor]) -> None:
    asks(people["Anna"], "Bram", first="2027-03-01T10:00")
    request = only(kring.new_mail(), BRAM)
    does(people["Bram"], link_in(request, "sparring"), "/choice", time="2027-03-01T09:00:00Z")
    assert kring.new_mail().keys() == {ANNA, BRAM}

    people["Anna"].press(people["Anna"].get("/registration/network/leaving"))
    off = kring.new_mail()

    assert {address: only(off, address).entry.method for address in off} == {ANNA: "CANCEL", BRAM: "CANCEL"}
    shown = people["Bram"].get("/registration/network/sparring").text
    assert "iemand die het netwerk verliet" in shown
    assert "Anna" not in shown


def test_who_is_erased_is_gone_after_both_calendars_heard_that_it_is_off(
    kring: Kring, people: dict[str, Visitor]
) -> None:
    asks(people["Anna"], "Bram", first="2027-03-01T10:00")
    does(people["Bram"], link_in(only(kring.new_mail(), BRAM), "sparring"), "/choice", time="2027-03-01T09:00:00Z")
    kring.new_mail()

    ledger = Ledger(erasure, Pseudonyms(settings_of(kring.assembly.registration.app).erasure_keys))
    with kring.assembly.registration.database.begin() as tx:
        ask_erasure(tx, ledger, ANNA)
    off = kring.new_mail()
    assert "CANCEL" in [mail.entry.method for mail in off[BRAM] if mail.calendars]
    for _ in range(8):
        kring.clock.forward(seconds=10)
        kring.settle()

    assert "Anna" not in people["Bram"].get("/registration/network/sparring").text
    with kring.assembly.notifications.database.reading() as session:
        kept = [tuple(row) for table in (sparring, outgoing_mail, invitation) for row in session.execute(select(table))]
    assert ANNA not in str(kept)
    assert QUESTION not in str(kept)


def test_who_leaves_takes_along_what_nobody_answered(kring: Kring, people: dict[str, Visitor]) -> None:
    asks(people["Anna"], "Bram", first="2027-03-01T10:00")
    assert "Anna" in only(kring.new_mail(), BRAM).text

    people["Anna"].press(people["Anna"].get("/registration/network/leaving"))
    assert kring.new_mail() == {}

    kept = told_and_mailed(kring)
    assert "Anna" not in kept
    assert QUESTION not in kept


def told_and_mailed(kring: Kring) -> str:
    """All that is kept of talks: what was told of them, and what was mailed."""
    with kring.assembly.notifications.database.reading() as session:
        about = outgoing_mail.c.meeting_id.in_(select(sparring.c.id))
        rows = [*session.execute(select(sparring)), *session.execute(select(outgoing_mail).where(about))]
    with kring.assembly.registration.database.reading() as session:
        told = flow.outbox.c.aggregate == "sparring"
        rows += session.execute(select(flow.outbox.c.payload).where(told)).all()
    return str([tuple(row) for row in rows])  # a row in words leaves out what is long


def test_a_request_that_is_refused_or_runs_out_leaves_nobodys_name_and_words(
    kring: Kring, people: dict[str, Visitor]
) -> None:
    asks(people["Anna"], "Bram", first="2027-03-01T10:00")
    asks(people["Bram"], "Anna", first="2027-03-01T10:00")
    requests = kring.new_mail()
    assert "Anna" in told_and_mailed(kring)

    does(people["Bram"], link_in(only(requests, BRAM), "sparring"), "/refusal")
    assert "Bram" in only(kring.new_mail(), ANNA).text  # who said no is read once
    kring.clock.forward(days=14)
    kring.settle()

    kept = told_and_mailed(kring)
    assert ("'declined'" in kept, "'ended'" in kept, BRAM in kept) == (True, True, True)  # what went where, for a month
    assert [each for each in ("Anna", "Bram", QUESTION) if each in kept] == []


def test_organisers_see_nothing_of_it(kring: Kring, people: dict[str, Visitor]) -> None:
    asks(people["Anna"], "Bram", first="2027-03-01T10:00")
    request = only(kring.new_mail(), BRAM)
    does(people["Bram"], link_in(request, "sparring"), "/choice", time="2027-03-01T09:00:00Z")
    agreed = only(kring.new_mail(), BRAM)
    kring.drop(words(agreed, "Alleen voor Anna"))
    kring.settle()
    manager = kring.visitor()
    manager.press(manager.open(kring.command("sign-in-link")))
    kring.settle()
    for page in ("/notifications/mailroom", "/notifications/mailroom/received"):
        shown = manager.get(page)
        assert shown.status_code == 200
        assert "sparren" not in shown.text.lower()
        assert "gesprek" not in shown.text.lower()
    subjects = [mail["kind"] for mail in kring.ask("GET", "/notifications/v1/messages").json or []]
    assert subjects
    assert not [kind for kind in subjects if kind.startswith("spar_")]

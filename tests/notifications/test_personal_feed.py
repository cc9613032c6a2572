"""A person's own meetings in their own calendar: made with a button, true at any moment, and nobody else's."""

import gzip
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from services.notifications.tables import metadata
from shared.calendar.validation import validate_output
from shared.db.transaction import new_id
from shared.events.catalog import MeetingCancelled, MeetingChanged, MeetingPublished, Session
from shared.events.registration import (
    Registration,
    RegistrationCancelled,
    RegistrationChanged,
    RegistrationConfirmed,
    RegistrationWaitlisted,
    SessionSeat,
)
from shared.people.links import Links
from tests.builders import NOON, a_meeting, a_person, a_registration
from tests.notifications.office import KEY, Office
from tests.shared.calendar.judges import JUDGES, judge_all

if TYPE_CHECKING:
    from flask.testing import FlaskClient

LINK = "https://video.example/secret-room"
MEETING = a_meeting(summary={"nl": "Wat werkt?", "en": "What works?"}, attendance_mode="mixed", online_url=LINK)
SAM = a_registration(meeting_id=MEETING.id)
WAITS = replace(SAM, status="waitlisted", waits_for="seat", queue_number=7, place=3)


def test_the_address_is_made_renewed_and_withdrawn_by_buttons_and_kept_nowhere(any_office: Office) -> None:
    office = any_office
    _known(office, RegistrationConfirmed(registration=SAM))
    sam = Person(office, SAM)
    page = sam.page()
    assert "Niet nodig als u onze uitnodigingen accepteert." in page.text
    assert "dubbel" in page.text
    assert "Adres maken" in sam.page().text  # to look changes nothing

    first = sam.make()
    assert len(first) >= 22  # base64 of 128 bits
    assert first not in sam.page().text
    assert _summaries(office, first) == ["Samen duurzaam inkopen"]
    second = sam.make()
    assert _feed(office, first).status_code == 404
    assert _summaries(office, second) == ["Samen duurzaam inkopen"]
    with office.service.database.reading() as session:
        kept = [repr(row) for table in metadata.sorted_tables for row in session.execute(select(table)).all()]
    assert not [row for row in kept if second in row]

    assert sam.press("/withdrawal").status_code == 303
    assert _feed(office, second).status_code == 404
    assert "Adres maken" in sam.page().text
    invited, made = office.new_mail()  # twice on one day is one mail
    assert (invited.subject, made.subject) == (
        "U heeft een plek: Samen duurzaam inkopen",
        "Er is een adres gemaakt voor uw eigen agenda",
    )
    assert "Was u dat niet?" in made.text
    assert not [mail for mail in (invited, made) if first in mail.text + mail.html or second in mail.text + mail.html]


def test_the_address_stands_in_no_log_no_referer_and_no_search_engine(office: Office) -> None:
    _known(office, RegistrationConfirmed(registration=SAM))
    sam = Person(office, SAM)
    with capture_logs() as logs:
        secret = sam.make()
        answers = [_feed(office, secret), _feed(office, "x" * 43), sam.open()]
    rules = [log["rule"] for log in logs if log["event"] == "request"]
    assert rules.count("/notifications/calendar/<token>.ics") == 2
    assert not [text for text in (secret, sam.token) if text in json.dumps(logs, default=repr)]
    assert [answer.status_code for answer in answers] == [200, 404, 303]
    for answer in answers:
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert [answer.headers.get("X-Robots-Tag") for answer in answers[:2]] == ["noindex", "noindex"]
    metrics = office.service.app.test_client().get("/notifications/metrics").text
    assert secret not in metrics


def test_an_unchanged_calendar_is_not_sent_again(office: Office) -> None:
    _known(office, RegistrationConfirmed(registration=SAM))
    secret = Person(office, SAM).make()
    plain, zipped = _feed(office, secret), _feed(office, secret, {"Accept-Encoding": "gzip"})
    tag = plain.headers["ETag"].strip('"')
    assert plain.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert plain.headers["Cache-Control"] == "private, max-age=900"
    assert (zipped.headers["ETag"], zipped.headers["Vary"]) == (f'"{tag}-gzip"', "Accept-Encoding")
    assert gzip.decompress(zipped.data) == plain.data
    for known in ({"If-None-Match": f'"{tag}"'}, {"If-Modified-Since": plain.headers["Last-Modified"]}):
        again = _feed(office, secret, known)
        assert (again.status_code, again.data, again.headers["X-Robots-Tag"]) == (304, b"", "noindex")
    head = office.service.app.test_client().head(f"/notifications/calendar/{secret}.ics")
    assert (head.data, head.headers["ETag"]) == (b"", f'"{tag}"')

    office.hear_all_again()
    assert _feed(office, secret).headers["ETag"] == f'"{tag}"'
    office.tell(RegistrationChanged(registration=replace(SAM, attendance="online")))  # in the same second
    since = {"If-Modified-Since": plain.headers["Last-Modified"]}
    assert LINK in _unfolded(_feed(office, secret, since))


@pytest.mark.parametrize(
    ("standing", "summary", "words", "certainty"),
    [
        (SAM, "Samen duurzaam inkopen", "U heeft een plek.", ("CONFIRMED", "OPAQUE")),
        (replace(SAM, attendance="online"), "Samen duurzaam inkopen", "U doet online mee.", ("CONFIRMED", "OPAQUE")),
        (
            replace(SAM, attendance="online", waits_for="seat", queue_number=7, place=3),
            "Samen duurzaam inkopen",
            "U doet online mee en wacht op een plek op de locatie. U staat op de wachtlijst, nummer 1.",
            ("CONFIRMED", "OPAQUE"),
        ),
        (
            WAITS,
            "Wachtlijst: Samen duurzaam inkopen",
            "U staat op de wachtlijst, nummer 1.",
            ("TENTATIVE", "TRANSPARENT"),
        ),
        (
            replace(WAITS, waits_for=None, queue_number=None),  # as it was told before queue numbers were
            "Wachtlijst: Samen duurzaam inkopen",
            "U staat op de wachtlijst, nummer 3.",
            ("TENTATIVE", "TRANSPARENT"),
        ),
        (
            replace(SAM, status="offered", offer_until=NOON - timedelta(days=2)),
            "Plek aangeboden, antwoord vóór 8 juni 14.00 uur: Samen duurzaam inkopen",
            "Deze plek is u aangeboden. Wilt u de plek? Antwoord dan vóór 8 juni 14.00 uur met de link in de mail.",
            ("TENTATIVE", "OPAQUE"),
        ),
        (
            replace(SAM, status="requested"),
            "Aangevraagd: Samen duurzaam inkopen",
            "U heeft gevraagd of u mag meedoen. De organisator beslist daarover.",
            ("TENTATIVE", "TRANSPARENT"),
        ),
        (replace(SAM, status="attended"), "Samen duurzaam inkopen", "U was erbij.", ("CONFIRMED", "OPAQUE")),
        (
            replace(SAM, status="no_show"),
            "Samen duurzaam inkopen",
            "U bent niet gezien bij deze bijeenkomst.",
            ("CONFIRMED", "OPAQUE"),
        ),
    ],
)
def test_each_entry_says_how_things_stand(
    office: Office, standing: Registration, summary: str, words: str, certainty: tuple[str, str]
) -> None:
    _known(office, RegistrationChanged(registration=standing))
    feed = _unfolded(_feed(office, Person(office, SAM).make()))
    assert _lines(feed, "SUMMARY") == [summary.replace(",", "\\,")]
    (description,) = _lines(feed, "DESCRIPTION")
    assert description.startswith(words.replace(",", "\\,") + "\\n\\n")
    assert (*_lines(feed, "STATUS"), *_lines(feed, "TRANSP")) == certainty
    has_link = standing.status == "confirmed" and standing.attendance == "online"
    assert (LINK in feed, "CONFERENCE" in feed) == (has_link, has_link)
    assert re.findall(r"[\w.+-]+@\S+", feed) == [f"{SAM.id}@own.kring"]
    assert not {"METHOD", "ATTENDEE", "ORGANIZER", "SOURCE", "VALARM"} & set(re.findall(r"^[A-Z]+", feed, re.MULTILINE))


@pytest.mark.parametrize("status", ["unconfirmed", "rejected", "declined", "expired", "cancelled"])
def test_what_ended_or_was_never_confirmed_is_not_there(office: Office, status: Any) -> None:
    _known(office, RegistrationConfirmed(registration=SAM))
    secret = Person(office, SAM).make()
    assert len(_summaries(office, secret)) == 1
    office.tell(RegistrationChanged(registration=replace(SAM, status=status)))
    assert _summaries(office, secret) == []
    validate_output(_feed(office, secret).data)


def test_the_place_on_the_waiting_list_is_the_one_of_this_moment(any_office: Office) -> None:
    office = any_office
    _known(office)
    line = [
        replace(WAITS, id=new_id(), queue_number=number, person=a_person(email=f"{number}@gemeente.example"))
        for number in (3, 5)
    ]
    for waiting in (*line, WAITS):
        office.tell(RegistrationWaitlisted(registration=waiting))
    secret = Person(office, SAM).make()

    def place() -> str:
        found = re.search(r"op de wachtlijst\\, nummer (\d+)", _unfolded(_feed(office, secret)))
        assert found
        return found[1]

    assert place() == "3"
    stamps = [_lines(_unfolded(_feed(office, secret)), "LAST-MODIFIED")]
    office.tell(RegistrationConfirmed(registration=replace(line[1], status="confirmed", waits_for=None)))
    assert place() == "2"
    stamps.append(_lines(_unfolded(_feed(office, secret)), "LAST-MODIFIED"))
    assert stamps == sorted(stamps)
    assert stamps[0] != stamps[1]
    office.tell(RegistrationCancelled(registration=replace(line[0], status="cancelled", waits_for=None)))
    assert place() == "1"
    early = replace(WAITS, id=new_id(), queue_number=1, person=a_person(email="1@gemeente.example"))
    office.tell(RegistrationWaitlisted(registration=early))  # whose turn counts from when they asked
    assert place() == "2"


def test_every_program_reads_a_life_in_it(office: Office) -> None:
    other = a_meeting(title={"nl": 'Één dag: "groen", rood; ja 🌍'}, starts_at=NOON + timedelta(days=150))
    other = replace(other, ends_at=other.starts_at + timedelta(hours=2))
    talk = Session(id="a", title={"nl": "Rondleiding"}, starts_at=NOON + timedelta(hours=1), room="Zaal 2")
    meeting = replace(MEETING, sessions=(talk,))
    office.tell(MeetingPublished(meeting=other))
    _known(office, meeting=meeting)
    chosen = (SessionSeat(id="a", status="waitlisted", place=2),)
    office.tell(RegistrationConfirmed(registration=replace(SAM, sessions=chosen)))
    waits = replace(WAITS, id=new_id(), meeting_id=other.id)
    office.tell(RegistrationWaitlisted(registration=waits))
    secret = Person(office, SAM).make()
    expected = {
        f"{SAM.id}@own.kring": ("Samen duurzaam inkopen", "CONFIRMED", meeting.starts_at),
        f"{waits.id}@own.kring": (f"Wachtlijst: {other.title['nl']}", "TENTATIVE", other.starts_at),
    }
    assert _read_by_all(office, secret) == expected
    programme = "Wat u koos uit het programma:\\nRondleiding\\, 15.00 uur\\, Zaal 2 (nummer 2 op de wachtlijst)"
    assert programme in _unfolded(_feed(office, secret))
    invited = office.new_mail()[0].entry.uid
    assert invited not in expected

    moved = replace(meeting, revision=2, starts_at=meeting.starts_at + timedelta(hours=1), changed_at=office.clock())
    office.tell(MeetingChanged(meeting=moved))
    expected[f"{SAM.id}@own.kring"] = ("Samen duurzaam inkopen", "CONFIRMED", moved.starts_at)
    assert _read_by_all(office, secret) == expected
    before = _sequences(office, secret)
    off = replace(moved, revision=3, status="cancelled", cancelled_reason="De zaal is dicht.")
    office.tell(MeetingCancelled(meeting=off))
    expected[f"{SAM.id}@own.kring"] = ("Afgelast: Samen duurzaam inkopen", "CANCELLED", moved.starts_at)
    assert _read_by_all(office, secret) == expected
    assert "Deze bijeenkomst is afgelast.\\nDe zaal is dicht." in _unfolded(_feed(office, secret))
    assert _sequences(office, secret)[0] > before[0]
    assert _summaries(office, secret, "?lang=en")[0] == "Cancelled: Buying sustainably together"


def test_old_meetings_leave_after_sixty_days_and_what_was_called_off_after_fourteen(office: Office) -> None:
    off, far = a_meeting(), a_meeting(starts_at=NOON + timedelta(days=700), ends_at=NOON + timedelta(days=701))
    _known(office)
    for meeting in (MEETING, off, far):
        office.tell(MeetingPublished(meeting=meeting))
        office.tell(RegistrationConfirmed(registration=replace(SAM, id=new_id(), meeting_id=meeting.id)))
    office.tell(RegistrationConfirmed(registration=SAM))
    office.tell(MeetingCancelled(meeting=replace(off, revision=2, status="cancelled")))
    secret = Person(office, SAM).make()

    def shown(on: datetime) -> int:
        office.clock.now = on
        return len(_summaries(office, secret))

    assert shown(datetime(2027, 6, 24, 21, tzinfo=UTC)) == 3
    assert shown(datetime(2027, 6, 24, 22, tzinfo=UTC)) == 2  # past midnight in Amsterdam
    assert shown(datetime(2027, 8, 9, 22, tzinfo=UTC)) == 0
    assert shown(datetime(2027, 12, 1, tzinfo=UTC)) == 1


def test_it_belongs_to_the_address_and_not_to_who_shares_the_mailbox(office: Office) -> None:
    second = replace(SAM, id=new_id(), companion=2, person=a_person(name="Robin"))
    ann = replace(SAM, id=new_id(), person=a_person(name="Ann", email="ann@gemeente.example"))
    spelled = replace(SAM, id=new_id(), meeting_id=a_meeting().id, person=a_person(email="SAM@Gemeente.example"))
    _known(office, *(RegistrationConfirmed(registration=each) for each in (SAM, second, ann)))
    office.tell(MeetingPublished(meeting=a_meeting(id=spelled.meeting_id, title={"nl": "Een tweede"})))
    office.tell(RegistrationConfirmed(registration=spelled))
    sam, other = Person(office, SAM), Person(office, ann)
    secret = sam.make()
    assert sorted(_summaries(office, secret)) == ["Een tweede", "Samen duurzaam inkopen"]
    assert "Het adres dat u heeft" in Person(office, spelled).page().text
    assert "Adres maken" in other.page().text

    assert Person(office, second).open().status_code == 404
    assert other.client.get(f"{PAGE}/{SAM.id}").status_code == 303  # back to where the link is
    moved = sam.client.get_cookie("kring_link", path=f"{PAGE}/{SAM.id}", domain="127.0.0.1")
    assert moved
    other.client.set_cookie("kring_link", moved.value, path=f"{PAGE}/{ann.id}", domain="127.0.0.1")
    assert other.client.get(f"{PAGE}/{ann.id}", base_url=BASE).status_code == 403


def test_a_seat_that_was_handed_over_leaves_the_one_calendar_and_stands_in_the_other(office: Office) -> None:
    kim = a_registration(meeting_id=a_meeting().id, person=a_person(email="kim@gemeente.example"))
    _known(office, RegistrationConfirmed(registration=SAM))
    office.tell(MeetingPublished(meeting=a_meeting(id=kim.meeting_id)))
    office.tell(RegistrationConfirmed(registration=kim))
    sam, theirs = Person(office, SAM), Person(office, kim).make()
    mine = sam.make()
    assert len(_summaries(office, mine)) == 1
    tag = {"If-None-Match": _feed(office, theirs).headers["ETag"]}
    office.tell(RegistrationConfirmed(registration=replace(SAM, person=kim.person, link_version=2)))
    assert _summaries(office, mine) == []
    assert len(_lines(_unfolded(_feed(office, theirs, tag)), "SUMMARY")) == 2
    assert sam.client.get(f"{PAGE}/{SAM.id}", base_url=BASE).status_code == 303
    assert sam.open().status_code == 404


def test_a_link_that_is_none_or_too_old_opens_nothing(office: Office) -> None:
    _known(office, RegistrationConfirmed(registration=SAM))
    sam = Person(office, SAM)
    sam.token = Links([KEY]).sign("mine", SAM.id, SAM.link_version)
    assert sam.open().status_code == 404
    sam.token = Links([KEY]).sign("calendar", SAM.id, SAM.link_version, office.clock() + timedelta(hours=1))
    assert sam.open().status_code == 303
    office.clock.forward(hours=1)
    assert sam.open().status_code == 404
    assert sam.client.get(f"{PAGE}/{SAM.id}", base_url=BASE).location.startswith("/registration/mine?")


BASE = "http://127.0.0.1:8000"
PAGE = "/notifications/calendar/mine/r"


class Person:
    """Someone who comes from their registration's page, which signed them a link."""

    def __init__(self, office: Office, registration: Registration) -> None:
        self.own = f"{PAGE}/{registration.id}"
        self.client: FlaskClient = office.service.app.test_client()
        until = office.clock() + timedelta(hours=1)
        self.token = Links([KEY]).sign("calendar", registration.id, registration.link_version, until)

    def open(self) -> TestResponse:
        return self.client.get(f"/notifications/calendar/mine/{self.token}", base_url=BASE)

    def page(self) -> TestResponse:
        opened = self.open()
        assert (opened.status_code, opened.location) == (303, self.own)
        page = self.client.get(self.own, base_url=BASE)
        assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
        return page

    def press(self, what: str = "") -> TestResponse:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.page().text)
        assert token
        return self.client.post(self.own + what, data={"csrf_token": token[1]}, base_url=BASE)

    def make(self) -> str:
        """Press the button; the secret part of the address that is shown."""
        made = self.press()
        assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
        found = re.findall(rf"<code>{BASE}/notifications/calendar/([\w-]+)\.ics</code>", made.text)
        (secret,) = found
        return str(secret)


def _known(office: Office, *events: object, meeting: Any = MEETING) -> None:
    office.tell(MeetingPublished(meeting=meeting))
    for event in events:
        office.tell(event)


def _feed(office: Office, secret: str, headers: Any = None, query: str = "") -> TestResponse:
    """As a calendar program asks: no cookies, nothing known."""
    client = office.service.app.test_client()
    return client.get(f"/notifications/calendar/{secret}.ics{query}", headers=headers, base_url=BASE)


def _unfolded(answer: TestResponse) -> str:
    assert answer.status_code == 200
    validate_output(answer.data)
    return str(answer.data.decode().replace("\r\n ", "").replace("\r\n", "\n"))


def _lines(feed: str, name: str) -> list[str]:
    return re.findall(rf"^{name}(?:;[^:\n]*)?:(.*)$", feed, re.MULTILINE)


def _summaries(office: Office, secret: str, query: str = "") -> list[str]:
    return _lines(_unfolded(_feed(office, secret, query=query)), "SUMMARY")


def _sequences(office: Office, secret: str) -> list[int]:
    return [int(each) for each in _lines(_unfolded(_feed(office, secret)), "SEQUENCE")]


def _read_by_all(office: Office, secret: str) -> dict[str, tuple[str, str, datetime]]:
    """What every program makes of it, all the same: title, status and start by UID."""
    read = judge_all(_feed(office, secret).data)
    assert set(read) == set(JUDGES)
    (same,) = {json.dumps([vars(each) for each in readings], default=str) for readings in read.values()}
    assert same
    return {each.uid: (each.summary, each.status, each.starts_at) for each in next(iter(read.values()))}

"""What others say by our mail: a colleague who hands over, an organiser; and the copy for who signed someone up."""

from dataclasses import replace
from datetime import timedelta

from shared.db.transaction import new_id
from shared.events.catalog import MeetingPublished
from shared.events.registration import (
    MessageWritten,
    Registration,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationRepeated,
    TransferProposed,
)
from shared.people.links import Link, Links
from tests.builders import NOON, a_meeting, a_person, a_registration
from tests.notifications.office import KEY, Mail, Office

MEETING = a_meeting()
SAM = a_registration(meeting_id=MEETING.id)
ANN = a_registration(meeting_id=MEETING.id, person=a_person(name="Ann", email="ann@waterschap.example", language="en"))
HAND_OVER = TransferProposed(
    id=new_id(),
    version=1,
    registration_id=SAM.id,
    meeting_id=MEETING.id,
    to=a_person(name="Kim", email="kim@gemeente.example"),
    by_name="Sam Jansen",
    valid_until=NOON,
)
MESSAGE = MessageWritten(
    id=new_id(),
    meeting_id=MEETING.id,
    subject="Andere ingang, {naam}",
    text="Beste {name},\n\n{bijeenkomst} <b>begint</b> {niet} later.\nNeem de achterdeur.",
    registration_ids=(SAM.id, ANN.id),
)


def test_a_colleague_is_asked_by_a_link_of_their_own(any_office: Office) -> None:
    any_office.tell(MeetingPublished(meeting=MEETING))
    any_office.tell(RegistrationConfirmed(registration=SAM))
    any_office.new_mail()
    any_office.tell(HAND_OVER)
    any_office.tell(HAND_OVER)
    mail = any_office.one_mail()
    address = "http://127.0.0.1:8000/registration/transfers/"
    (line,) = [line for line in mail.text.splitlines() if line.startswith(address)]
    links = Links((KEY,), clock=any_office.clock)
    assert links.read(line.removeprefix(address), "transfer") == Link(HAND_OVER.id, 1)
    assert mail.message["To"] == "Kim <kim@gemeente.example>"
    assert "werkt tot donderdag 10 juni 2027, 14.00 uur" in mail.text
    assert "Sam Jansen heeft een plek" in mail.text
    said = mail.source.decode() + mail.text + mail.html
    assert [word for word in ("sam@gemeente.example", "/mine/", SAM.id) if word in said] == []
    assert mail.calendars == []


def test_a_hand_over_that_ran_out_is_not_mailed(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(replace(HAND_OVER, valid_until=office.clock.now))
    assert office.new_mail() == []


def test_a_hand_over_of_a_meeting_that_is_not_known_yet_waits_for_it(office: Office) -> None:
    assert office.tell(HAND_OVER) == "waiting"
    office.tell(MeetingPublished(meeting=MEETING))
    assert office.one_mail().subject.startswith("Sam Jansen wil een plek aan u doorgeven")


def test_a_message_goes_to_each_in_the_organisers_words_with_the_gaps_filled_in(any_office: Office) -> None:
    _confirmed(any_office, SAM, ANN)
    any_office.tell(MESSAGE)
    sam, ann = sorted(any_office.new_mail(), key=lambda mail: mail.subject, reverse=True)
    assert (sam.subject, ann.subject) == ("Andere ingang, Sam Jansen", "Andere ingang, Ann")
    assert "Beste Sam Jansen,\n\nSamen duurzaam inkopen <b>begint</b> {niet} later.\nNeem de achterdeur.\n" in sam.text
    assert "Beste" not in sam.text.partition("Beste Sam Jansen,")[2]  # the organiser greets, so the mail does not
    assert "Samen duurzaam inkopen &lt;b&gt;begint&lt;/b&gt; {niet} later.<br>\nNeem de achterdeur.</p>" in sam.html
    assert "Buying sustainably together <b>begint</b>" in ann.text
    assert "/registration/mine/" in sam.text


def test_a_name_that_looks_like_a_gap_is_no_gap(office: Office) -> None:
    _confirmed(office, replace(SAM, person=a_person(name="{meeting}")))
    office.tell(replace(MESSAGE, registration_ids=(SAM.id,)))
    assert "Beste {meeting}," in office.one_mail().text


def test_an_urgent_message_says_so_first(office: Office) -> None:
    _confirmed(office, SAM, ANN)
    office.tell(replace(MESSAGE, urgent=True))
    subjects = sorted(mail.subject for mail in office.new_mail())
    dash = "\N{EN DASH}"
    assert subjects == [
        f"Let op: vandaag {dash} Andere ingang, Sam Jansen",
        f"Please note: today {dash} Andere ingang, Ann",
    ]


def test_a_message_reaches_everyone_once_however_its_parts_arrive(any_office: Office) -> None:
    parts = [replace(MESSAGE, registration_ids=(each.id,), part=part, parts=2) for part, each in ((1, SAM), (2, ANN))]
    _confirmed(any_office, SAM)
    assert any_office.tell(parts[1], version=2) == "gap"
    assert any_office.tell(parts[0], version=1) == "done"
    assert _recipients(any_office) == ["sam@gemeente.example"]
    any_office.tell(RegistrationConfirmed(registration=ANN))  # known only now: the second part waited for her
    assert _recipients(any_office) == ["ann@waterschap.example", "ann@waterschap.example"]
    any_office.tell(parts[0], version=1)
    any_office.hear_all_again()
    any_office.tell(parts[0], version=1)
    any_office.tell(parts[1], version=2)
    assert any_office.new_mail() == []


def test_a_message_is_not_overtaken_by_news_and_skips_who_has_no_address(office: Office) -> None:
    nobody = replace(ANN, person=a_person(name="Ann", email=None))
    _confirmed(office, SAM, nobody)
    office.tell(MESSAGE)
    office.tell(RegistrationCancelled(registration=replace(SAM, status="cancelled")))
    assert sorted(mail.subject for mail in office.new_mail()) == [
        "Andere ingang, Sam Jansen",
        "U bent afgemeld: Samen duurzaam inkopen",
    ]


def test_an_organiser_can_still_write_after_the_meeting(office: Office) -> None:
    _confirmed(office, SAM)
    office.clock.now = MEETING.ends_at + timedelta(days=1)
    office.tell(replace(MESSAGE, registration_ids=(SAM.id,), subject="De presentaties"))
    assert office.one_mail().subject == "De presentaties"


def test_who_signed_someone_up_gets_a_copy_that_opens_and_tells_nothing(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    asked = replace(SAM, copy_to="chef@gemeente.example", copy_name="Sam van kamer 4")
    office.tell(RegistrationConfirmed(registration=asked))
    first = _copy(office)
    office.tell(RegistrationConfirmed(registration=SAM))
    assert office.new_mail() == []
    known = replace(asked, person=a_person(name="Sam Jansen", language="en"))
    office.tell(RegistrationRepeated(registration=known))  # an onlooker learns nothing: the same copy once more
    second = _copy(office)
    assert (first.subject, first.text) == (second.subject, second.text)
    assert "U heeft Sam van kamer 4 aangemeld voor deze bijeenkomst:" in first.text
    said = second.source.decode() + second.text + second.html
    hidden = ("/mine/", "sam@gemeente.example", "Sam Jansen", "heeft een plek", SAM.id)
    assert [word for word in hidden if word in said] == []
    assert first.calendars == []


def _confirmed(office: Office, *registrations: Registration) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    for registration in registrations:
        office.tell(RegistrationConfirmed(registration=registration))
    office.new_mail()


def _recipients(office: Office) -> list[str]:
    return sorted(mail.message["To"].addresses[0].addr_spec for mail in office.new_mail())


def _copy(office: Office) -> Mail:
    (copy,) = [mail for mail in office.new_mail() if "chef@" in str(mail.message["To"])]
    return copy

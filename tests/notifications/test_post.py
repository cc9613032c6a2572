"""How mail leaves the house: once, whole, and also when something dies in between."""

import stat
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from shared.events.catalog import MeetingChanged, MeetingPublished
from shared.events.registration import RegistrationCancelled, RegistrationConfirmed
from tests.builders import NOON, a_meeting, a_person, a_registration
from tests.notifications.office import Entry, Mail, Office
from tests.notifications.sink import a_sink

MEETING = a_meeting()
ANN = a_person(name="Ann", email="ann@provincie.example")
SAM = a_registration(meeting_id=MEETING.id)


class PowerCut(BaseException):
    """Nothing in the program catches it."""


def test_a_process_that_dies_between_delivery_and_mark_leaves_one_file(any_office: Office) -> None:
    def die() -> None:
        raise PowerCut

    dying = any_office.again(after_delivery=die)
    _invite(dying)
    with pytest.raises(PowerCut):
        dying.post()
    (first,) = dying.all_mail()
    survivor = any_office.again()
    survivor.post()
    assert survivor.statuses() == ["sending"]  # perhaps the other one is still at it
    survivor.clock.forward(minutes=1)
    survivor.post()
    assert survivor.statuses() == ["sent"]
    assert survivor.all_mail() == [first]


def test_what_became_of_a_mail_is_written_whatever_is_wrong_with_the_next(office: Office) -> None:
    _invite(office)
    office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=MEETING.id, person=ANN)))
    _spoil(office, "{")
    with pytest.raises(ValueError, match="Expecting"):
        office.post()
    _spoil(office, "{}")
    assert office.statuses() == ["sent", "waiting"]
    office.post()
    assert office.statuses() == ["sent", "sent"]


def test_what_was_handed_over_is_told_to_registration_and_not_before(office: Office) -> None:
    _invite(office)
    assert _told(office) == []
    office.post()
    ((told),) = _told(office)
    entry = Entry(office.all_mail()[0].calendars[0])
    assert told["invitationId"] == entry.uid.removesuffix("@kring.example")
    assert (told["registrationId"], told["sequence"], told["method"]) == (SAM.id, 0, "REQUEST")


def test_no_half_written_mail_is_ever_seen_and_a_full_disk_is_no_loss(office: Office) -> None:
    sent = office.folder / "sent"
    sent.parent.mkdir(parents=True)
    sent.write_text("this stands where the folder should be")
    _invite(office)
    office.post()
    assert office.statuses() == ["waiting"]
    sent.unlink()
    office.clock.forward(minutes=1)
    mail = office.one_mail()
    assert [path.name for path in sent.iterdir()] == [mail.name]
    assert stat.S_IMODE((sent / mail.name).stat().st_mode) & 0o077 == 0


def test_many_mails_go_over_one_connection(office: Office) -> None:
    with a_sink() as sink:
        office = office.again(mail_url=sink.url)
        _invite(office)
        office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=MEETING.id, person=ANN)))
        office.post()
        assert len(set(sink.sessions)) == 1
        assert len(sink.received) == 2


def test_a_mail_server_gets_the_very_bytes_that_are_kept(any_office: Office) -> None:
    with a_sink() as sink:
        office = any_office.again(mail_url=sink.url)
        _invite(office)
        office.post()
        (envelope,) = sink.received
        mail = Mail("", envelope.content)
        token = mail.entry.organizer.removeprefix("reply+")
        assert (envelope.mail_from, envelope.rcpt_tos) == (f"bounce+{token}", ["sam@gemeente.example"])
        assert office.statuses() == ["sent"]


def test_a_refusal_for_now_is_tried_again_with_the_same_bytes(office: Office) -> None:
    with a_sink() as sink:
        office = office.again(mail_url=sink.url)
        sink.answers = ["450 come back", "421 too busy"]
        _invite(office)
        office.post()
        assert office.statuses() == ["waiting"]
        office.post()  # not before its time
        assert len(sink.answers) == 1
        for _ in range(2):
            office.clock.forward(minutes=1)
            office.post()
        assert len(sink.received) == 1
        assert Mail("", sink.received[0].content).entry.stamped_at == MAIL_QUEUED_AT
        assert office.statuses() == ["sent"]


def test_a_refusal_for_good_is_seen_and_not_tried_again(office: Office) -> None:
    with a_sink() as sink:
        office = office.again(mail_url=sink.url)
        sink.answers = ["550 nobody here"]
        _invite(office)
        office.post()
        office.clock.forward(days=1)
        office.post()
        assert (office.statuses(), sink.received) == (["failed"], [])


def test_a_mail_whose_facts_were_lost_waits_until_they_are_told_again(any_office: Office) -> None:
    _invite(any_office)
    with any_office.service.database.engine.begin() as connection:
        for table in ("registration", "meeting"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608  # a story
    any_office.post()
    assert (any_office.statuses(), any_office.all_mail()) == (["waiting"], [])
    any_office.hear_all_again()
    _invite(any_office)
    any_office.clock.forward(minutes=1)
    any_office.post()
    assert any_office.one_mail().entry.uid
    assert any_office.statuses() == ["sent"]


def test_a_mail_that_can_never_be_written_is_given_up(office: Office) -> None:
    _invite(office)
    with office.service.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM meeting"))
    office.post()
    office.clock.forward(days=4)
    office.post()
    assert (office.statuses(), office.all_mail()) == (["failed"], [])


def test_a_server_that_was_restarted_is_met_again(office: Office) -> None:
    with a_sink() as sink:
        office = office.again(mail_url=sink.url)
        _invite(office)
        office.post()
        port = int(sink.url.rpartition(":")[2])
    office.tell(MeetingChanged(meeting=a_meeting(id=MEETING.id, revision=2, title={"nl": "Anders"})))
    with a_sink(port) as back:
        office.post()
        assert Mail("", back.received[0].content).entry.sequence == 1


def test_a_cancellation_overtakes_an_invitation_that_is_still_tried(office: Office) -> None:
    """The first attempt may have arrived, so it is taken back; but it must not come after its own CANCEL."""
    with a_sink() as sink:
        office = office.again(mail_url=sink.url)
        sink.answers = ["450 come back"]
        _invite(office)
        office.post()
        office.tell(RegistrationCancelled(registration=a_registration(**{**vars(SAM), "status": "cancelled"})))
        office.post()
        office.clock.forward(days=1)
        office.post()
        entries = [Mail("", envelope.content).entry for envelope in sink.received]
        assert [(entry.method, entry.sequence) for entry in entries] == [("CANCEL", 1)]
        assert office.statuses() == ["replaced", "sent"]


def test_of_changes_that_queue_up_only_the_newest_goes_out_also_past_one_that_is_still_tried(office: Office) -> None:
    with a_sink() as sink:
        office = office.again(mail_url=sink.url)
        _invite(office)
        office.post()
        sink.answers = ["450 come back"]
        for hours in (1, 2, 3):
            later = replace(MEETING, revision=1 + hours, starts_at=NOON + timedelta(hours=hours / 2))
            office.tell(MeetingChanged(meeting=later, reason=f"Uitstel {hours}."))
            if hours == 1:
                office.post()  # refused for now
        office.clock.forward(days=1)
        office.post()
        entries = [Mail("", envelope.content).entry for envelope in sink.received]
        assert [(entry.sequence, entry.starts_at) for entry in entries] == [
            (0, NOON),
            (2, NOON + timedelta(hours=1.5)),
        ]
        assert office.statuses() == ["sent", "replaced", "sent"]


def test_several_senders_send_everything_once(any_office: Office) -> None:
    with a_sink() as sink:
        office = any_office.again(mail_url=sink.url)
        office.tell(MeetingPublished(meeting=MEETING))
        for number in range(30):
            person = a_person(email=f"p{number}@gemeente.example")
            office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=MEETING.id, person=person)))
        senders = [threading.Thread(target=office.again().post) for _ in range(3)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert Counter(to for envelope in sink.received for to in envelope.rcpt_tos) == {
            f"p{number}@gemeente.example": 1 for number in range(30)
        }


MAIL_QUEUED_AT = NOON - timedelta(days=20)


def _invite(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(RegistrationConfirmed(registration=SAM))


def _spoil(office: Office, about: str) -> None:
    """Write what no program of ours would, as what Ann's mail is about."""
    with office.service.database.engine.begin() as connection:
        connection.execute(text(f"UPDATE outgoing_mail SET about = '{about}' WHERE recipient = '{ANN.email}'"))  # noqa: S608  # a story


def _told(office: Office) -> list[dict[str, object]]:
    outbox = office.service.database.flow.outbox
    with office.service.database.reading() as session:
        return [row.payload for row in session.execute(outbox.select()) if row.type == "invitation.sent"]

"""The weekly list of new meetings: for who asked and confirmed it, each meeting once, and nothing without news."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.notifications.actions.mark_address import mark_refused
from services.notifications.actions.subscribe import ask_to_subscribe, confirm_subscription, prefer
from services.notifications.queries.preferences import wants
from services.notifications.rules.guests import Guest, Wish
from services.notifications.rules.preferences import Preferences
from shared.events.catalog import Label, MeetingCancelled, MeetingChanged, MeetingPublished, ReferenceChanged
from shared.events.registration import RegistrationConfirmed
from tests.builders import NOON, POLICY, UTRECHT, a_meeting, a_person, a_registration
from tests.notifications.office import OURS, Mail, Office

WISH = Wish(guest=Guest(person=a_person(), target_group=POLICY.code), regions=(UTRECHT.code,))
SAM = OURS.fingerprint("sam@gemeente.example")
TUESDAY = datetime(2027, 5, 25, 9, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
MEETING = a_meeting(summary={"nl": "Een middag over gordijnen."})
ELSEWHERE = a_meeting(regions=(Label(code="PV20", labels={"nl": "Groningen"}),))


def test_what_is_new_comes_once_on_tuesday_and_without_news_there_is_no_mail(any_office: Office) -> None:
    _subscribe(any_office)
    for meeting in (MEETING, ELSEWHERE):
        any_office.tell(MeetingPublished(meeting=meeting))
    assert _listed(any_office, TUESDAY - timedelta(minutes=1)) == []
    (mail,) = _listed(any_office, TUESDAY)
    assert mail.subject == "Nieuwe bijeenkomsten voor u"
    assert (MEETING.url in mail.text, ELSEWHERE.url in mail.text) == (True, False)
    assert "Een middag over gordijnen." in mail.text
    assert "/notifications/preferences/" in mail.text
    assert "/notifications/v1/unsubscribe/" in mail.message["List-Unsubscribe"]
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    any_office.tell(MeetingChanged(meeting=replace(MEETING, revision=2, title={"nl": "Anders"})))
    any_office.hear_all_again()
    assert _listed(any_office, TUESDAY + timedelta(days=7)) == []
    other = a_meeting()
    any_office.tell(MeetingPublished(meeting=other))
    (mail,) = _listed(any_office, TUESDAY + timedelta(days=14))
    assert (other.url in mail.text, MEETING.url in mail.text) == (True, False)


def test_who_did_not_ask_did_not_confirm_or_left_gets_none(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    with office.service.database.begin() as tx:
        ask_to_subscribe(tx, OURS, WISH)
        prefer(tx, SAM, Preferences(digest=True))
    office.new_mail()
    assert _listed(office, TUESDAY) == []
    _subscribe(office)
    one_click = _listed(office, TUESDAY + timedelta(days=7))[0].message["List-Unsubscribe"].strip("<>")
    path = one_click.removeprefix("http://127.0.0.1:8000")
    assert office.service.app.test_client().post(path, data={"List-Unsubscribe": "One-Click"}).status_code < 300
    with office.service.database.reading() as session:
        assert not wants(session, OURS, "sam@gemeente.example", "digest")
    office.tell(MeetingPublished(meeting=a_meeting()))
    assert _listed(office, TUESDAY + timedelta(days=14)) == []


def test_what_one_is_signed_up_for_or_was_called_off_is_no_news(office: Office) -> None:
    _subscribe(office)
    off = a_meeting()
    for meeting in (MEETING, off):
        office.tell(MeetingPublished(meeting=meeting))
    office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=MEETING.id)))
    office.tell(MeetingCancelled(meeting=replace(off, status="cancelled", revision=2)))
    office.new_mail()
    assert _listed(office, TUESDAY) == []


def test_a_role_that_became_another_is_meant_by_either_name(office: Office) -> None:
    _subscribe(office)
    new = Label(code="beleidsadviseur", labels={"nl": "beleidsadviseur"})
    office.tell(ReferenceChanged(id="x", kind="target-group", **asdict(new)))
    office.tell(ReferenceChanged(id="y", kind="target-group", **asdict(POLICY), merged_into=new.code))
    by_old, by_new = a_meeting(), a_meeting(target_groups=(new,))
    for meeting in (by_old, by_new):
        office.tell(MeetingPublished(meeting=meeting))
    (mail,) = _listed(office, TUESDAY)
    assert (by_old.url in mail.text, by_new.url in mail.text) == (True, True)


def test_who_signed_up_before_types_nothing_any_more(office: Office) -> None:
    _subscribe(office)
    before, new = a_meeting(), a_meeting()
    for meeting in (before, new):
        office.tell(MeetingPublished(meeting=meeting))
    office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=before.id)))
    office.new_mail()

    (mail,) = _listed(office, TUESDAY)

    (link,) = [line for line in mail.text.splitlines() if "/registration/mine/" in line]
    assert link.endswith(f"?meeting={new.slug}")


def test_where_mail_does_not_arrive_the_list_waits(office: Office) -> None:
    _subscribe(office)
    office.tell(MeetingPublished(meeting=a_meeting(starts_at=NOON, ends_at=NOON + timedelta(hours=2))))
    with office.service.database.begin() as tx:
        mark_refused(tx, "sam@gemeente.example", "550 no such user")
    assert _listed(office, TUESDAY) == []


def _subscribe(office: Office) -> None:
    """Sam asks to be invited, confirms it, and ticks the list."""
    with office.service.database.begin() as tx:
        ask_to_subscribe(tx, OURS, WISH)
    office.new_mail()
    with office.service.database.begin() as tx:
        version = 1
        while not confirm_subscription(tx, SAM, version):
            version += 1
        prefer(tx, SAM, Preferences(digest=True))


def _listed(office: Office, at: datetime) -> list[Mail]:
    """What is sent because the time came."""
    office.clock.now = at.astimezone(office.clock.now.tzinfo)
    office.due()
    return office.new_mail()

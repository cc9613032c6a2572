"""Target groups are invited: who is, how often, until when; and how somebody stops it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.notifications import tables
from services.notifications.post.arrivals.desk import Desk
from services.notifications.queries.preferences import wants
from shared.events.catalog import (
    Label,
    MeetingCancelled,
    MeetingChanged,
    MeetingPublished,
    ReferenceChanged,
    RegistrationTerms,
)
from shared.events.registration import (
    AcceptanceRefused,
    GroupSeats,
    RegistrationConfirmed,
    RegistrationWaitlisted,
    SeatsChanged,
)
from shared.web.access import SIGN_IN_COOKIE
from tests.builders import NOON, a_meeting, a_registration
from tests.notifications.answering import answer
from tests.notifications.office import BEFORE, OURS, Mail, Office

CLOSES = NOON - timedelta(days=2)
MEETING = a_meeting(target_groups=(), registration=RegistrationTerms(closes_at=CLOSES))
CAMPAIGNS = f"/notifications/v1/meetings/{MEETING.id}/campaigns"
MANAGER = {"Authorization": "Bearer the-manager"}
BROUGHT: dict[str, Any] = {
    "addresses": [{"email": "kim@elders.example", "targetGroup": "inkoper", "name": "Kim"}],
    "ground": "Deelnemerslijst van het congres",
}


@pytest.fixture
def house(office: Office) -> Office:
    """A meeting that two roles of one region may come to."""
    for kind, code in (("target-group", "inkoper"), ("target-group", "beleidsmaker"), ("region", "PV26")):
        office.tell(ReferenceChanged(id=f"{kind}:{code}", kind=kind, code=code, labels={"nl": code}))  # type: ignore[arg-type]  # a kind
    office.tell(MeetingPublished(meeting=MEETING))
    return office


def test_only_who_confirmed_is_invited_and_looking_at_the_link_confirms_nothing(house: Office) -> None:
    mail = _asked(house, "sam")
    link = _link(mail, "/notifications/subscriptions/")
    assert "Ja, nodig mij uit" in _client(house).get(link).text
    assert _invite(house)["people"] == 0
    _press(house, link)
    assert _invite(house)["people"] == 1
    assert house.one_mail().entry.summary == "Uitnodiging: Samen duurzaam inkopen"
    assert _invite(house)["people"] == 0  # once per person and meeting


def test_what_somebody_else_asks_for_my_address_changes_nothing_and_is_forgotten(house: Office) -> None:
    _subscribe(house, "sam")
    again = _asked(house, "sam", targetGroup="beleidsmaker")
    assert _invite(house, targetGroups=["beleidsmaker"])["people"] == 0
    house.clock.forward(days=8)
    house.due()
    assert _client(house).get(_link(again, "/notifications/subscriptions/")).status_code == 404
    assert _invite(house)["people"] == 1


def test_the_first_mail_alone_can_be_ended_with_one_click_that_needs_no_cookie(house: Office) -> None:
    _subscribe(house, "sam")
    _invite(house)
    first = house.one_mail()
    assert first.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(first.message["List-Unsubscribe"]).strip("<>").removeprefix("http://127.0.0.1:8000")
    house.tell(MeetingChanged(meeting=replace(MEETING, revision=2, starts_at=NOON + timedelta(hours=1))))
    moved = house.one_mail()
    assert (moved.entry.uid, moved.entry.sequence, moved.entry.busy) == (first.entry.uid, 1, "TENTATIVE")
    assert moved.message["List-Unsubscribe"] is None

    assert _client(house).get(address).status_code == 303
    assert _wants(house, "sam")
    done = _client(house).post(address, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert not _wants(house, "sam")
    other = a_meeting(id="019e0000-0000-7000-8000-000000000009")
    house.tell(MeetingPublished(meeting=other))
    assert _invite(house, other.id, **_bring("sam@gemeente.example"))["people"] == 0  # never, whoever brings it


def test_ones_own_invitation_cannot_be_unsubscribed_from(house: Office) -> None:
    house.tell(RegistrationConfirmed(registration=a_registration(meeting_id=MEETING.id)))
    assert house.one_mail().message["List-Unsubscribe"] is None


def test_who_chose_otherwise_on_the_page_is_left_alone(house: Office) -> None:
    _subscribe(house, "sam")
    _invite(house)
    page = _link(house.one_mail(), "/notifications/preferences/")
    kept = _press(house, page, reminders="true", language="en")
    assert "Uw voorkeuren zijn bewaard." in kept.text
    assert not _wants(house, "sam")
    with house.service.database.reading() as session:
        assert session.execute(select(tables.subscription)).all() == []  # only the fingerprint stays


def test_mail_comes_in_the_language_that_the_address_chose(house: Office) -> None:
    _subscribe(house, "sam")
    _invite(house)
    page = _link(house.one_mail(), "/notifications/preferences/")
    _press(house, page, invitations="true", language="en")
    house.tell(RegistrationConfirmed(registration=a_registration(meeting_id=MEETING.id)))
    assert house.one_mail().entry.summary == "Buying sustainably together"


def test_an_address_that_is_brought_gets_words_once_and_is_erased(house: Office) -> None:
    refused = _post(house, CAMPAIGNS, {**BROUGHT, "ground": ""})
    assert [each["name"] for each in refused.json["errors"]] == ["ground"]  # type: ignore[index]  # a problem
    _invite(house, targetGroups=[], **BROUGHT)
    mail = house.one_mail()
    assert (mail.calendars, mail.subject) == ([], "Uitnodiging: Samen duurzaam inkopen")
    assert "Deelnemerslijst van het congres" in mail.text
    assert f"/registration/meetings/{MEETING.slug}" in mail.text
    assert mail.message["List-Unsubscribe-Post"]
    house.clock.forward(days=4)
    house.due()
    with house.service.database.reading() as session:
        rows = [*session.execute(select(tables.guest)), *session.execute(select(tables.outgoing_mail))]
    assert "kim@elders" not in str([row._asdict() for row in rows])
    assert _invite(house, targetGroups=[], **BROUGHT)["people"] == 0


def test_who_was_brought_and_never_invited_is_erased_too(house: Office) -> None:
    two = [{**BROUGHT["addresses"][0], "email": f"{name}@elders.example"} for name in ("kim", "lot")]
    _invite(house, targetGroups=[], addresses=two, ground="Bekend", waves={"size": 1})
    assert len(house.new_mail()) == 1
    house.tell(MeetingCancelled(meeting=replace(MEETING, revision=2, status="cancelled")))
    house.clock.now = CLOSES
    house.due()
    house.clock.forward(days=3)
    house.due()
    with house.service.database.reading() as session:
        assert [row.brought for row in session.execute(select(tables.guest))] == [None, None]
    assert (_progress(house)["status"], house.new_mail()) == ("closed", [])


def test_waves_go_on_in_their_time_and_stop_when_the_meeting_is_full(house: Office) -> None:
    for name in ("ann", "bob", "cas", "dirk"):
        _subscribe(house, name)
    _invite(house, waves={"size": 1, "hours": 2})
    assert len(house.new_mail()) == 1
    house.due()
    assert house.new_mail() == []
    house.clock.forward(hours=2)
    house.due()
    assert (len(house.new_mail()), _progress(house)["status"]) == (1, "paused")
    _seats(house, free=0)
    house.clock.forward(hours=2)
    house.due()
    assert (house.new_mail(), _progress(house)["status"]) == ([], "full")
    _seats(house, free=3)
    _press(house, f"/notifications/campaigns/{MEETING.id}", "/continuation")
    house.due()
    assert (len(house.new_mail()), _progress(house)["waiting"]) == (1, 1)


def test_what_nobody_answered_leaves_the_calendars_when_sign_up_closes(house: Office) -> None:
    for name in ("ann", "bob", "cas"):
        _subscribe(house, name)
    _invite(house)
    mails = {mail.message["To"].addresses[0].username: mail for mail in house.new_mail()}
    _drop(house, answer(mails["ann"], "DECLINED", at=BEFORE))
    _drop(house, answer(mails["bob"], "TENTATIVE", at=BEFORE))
    assert house.new_mail() == []  # a no is remembered without a word, a perhaps takes nothing
    later = replace(MEETING, revision=2, registration=RegistrationTerms(closes_at=CLOSES + timedelta(days=1)))
    house.tell(MeetingChanged(meeting=later))
    house.clock.now = CLOSES
    house.due()
    assert house.new_mail() == []
    house.clock.now = CLOSES + timedelta(days=1)
    house.due()
    gone = {mail.message["To"].addresses[0].username: mail.entry for mail in house.new_mail()}
    assert {name: (entry.method, entry.sequence) for name, entry in gone.items()} == {
        "bob": ("CANCEL", 1),
        "cas": ("CANCEL", 1),
    }


def test_a_meeting_called_off_takes_the_invitation_away_and_says_why(house: Office) -> None:
    _subscribe(house, "sam")
    _invite(house)
    invited = house.one_mail()
    off = replace(MEETING, revision=2, status="cancelled", cancelled_reason="Ziekte")
    house.tell(MeetingCancelled(meeting=off))
    mail = house.one_mail()
    assert (mail.entry.method, mail.entry.uid, mail.entry.sequence) == ("CANCEL", invited.entry.uid, 1)
    assert "De reden: Ziekte" in mail.text
    assert _post(house, CAMPAIGNS, {"targetGroups": ["inkoper"]}).status_code == 409


def test_signing_up_with_the_form_adopts_the_open_invitation(house: Office) -> None:
    _subscribe(house, "sam")
    _invite(house)
    invited = house.one_mail().entry
    house.tell(RegistrationConfirmed(registration=a_registration(meeting_id=MEETING.id)))
    seat = house.one_mail()
    assert (seat.entry.uid, seat.entry.sequence, seat.entry.partstat) == (invited.uid, 1, "ACCEPTED")
    assert (seat.entry.summary, seat.entry.busy) == ("Samen duurzaam inkopen", "BUSY")


@pytest.mark.parametrize("outcome", ["waitlisted", "refused"])
def test_a_yes_to_a_full_meeting_leaves_the_calendar_in_words(house: Office, outcome: str) -> None:
    _subscribe(house, "sam")
    _invite(house)
    invited = house.one_mail()
    _drop(house, answer(invited, "ACCEPTED", at=BEFORE))
    if outcome == "waitlisted":
        waits = a_registration(meeting_id=MEETING.id, status="waitlisted", place=3)
        house.tell(RegistrationWaitlisted(registration=waits))
    else:
        refused = AcceptanceRefused(meeting_id=MEETING.id, invitation_id=_invitation_id(invited), reason="full")
        house.tell(refused)
    mail = house.one_mail()
    assert (mail.entry.method, mail.entry.sequence) == ("CANCEL", 1)
    assert ("U bent nummer 3" if outcome == "waitlisted" else "de bijeenkomst is nu vol") in mail.text


def test_organisers_look_at_it_before_it_goes_and_others_see_nothing(house: Office) -> None:
    _subscribe(house, "sam")
    page = f"/notifications/campaigns/{MEETING.id}"
    assert _client(house).get(page).status_code == 303
    assert _client(house).post(CAMPAIGNS, json={}).status_code == 401
    preview = _press(house, page, "/preview", targetGroups="inkoper", regions="PV26")
    assert "Er is nog niets verstuurd." in preview.text
    assert "Accepteren is aanmelden" in preview.text
    lines = {"addresses": "kim@elders.example; Kim; Waterschap\r\nann@elders.example", "broughtRole": "inkoper"}
    preview = _press(house, page, "/preview", **lines, ground="Deelnemerslijst")
    assert "2 van hen hebben een adres dat u aanlevert." in preview.text
    assert "Hoe wij aan uw adres komen: Deelnemerslijst" in preview.text
    assert house.new_mail() == []


def test_only_who_works_at_some_organisations_is_invited_where_a_link_fills_them_in(house: Office) -> None:
    for name, organisation in (("sam", "Gemeente Zeist"), ("ann", ""), ("kim", "Zeister Slot")):
        _press(house, _link(_asked(house, name, organisation=organisation), "/notifications/subscriptions/"))
    elsewhere = _asked(house, "bob", email="bob@inkoop.zeist.example")
    _press(house, _link(elsewhere, "/notifications/subscriptions/"))

    visitor = _client(house)
    visitor.set_cookie(SIGN_IN_COOKIE, "the-manager")
    query = {"region": ["PV26", "PV99"], "targetGroup": "inkoper", "organisations": "Zeist\nzeist.example"}
    page = visitor.get(f"/notifications/campaigns/{MEETING.id}", query_string=query).text
    assert re.search(r'name="organisations"[^>]*>\s*Zeist\nzeist.example</textarea>', page)
    assert re.search(r'value="PV26" checked', page)

    assert _invite(house, organisations=["zeist", "zeist.example"])["people"] == 2  # Sam by name, Bob by domain
    assert _progress(house)["organisations"] == ["zeist", "zeist.example"]
    assert _invite(house)["people"] == 2


def test_who_asked_in_a_role_that_became_another_is_invited_in_that(house: Office) -> None:
    _subscribe(house, "sam")
    adviser = ReferenceChanged(id="x", kind="target-group", code="inkoopadviseur", labels={"nl": "inkoopadviseur"})
    house.tell(adviser)
    house.tell(replace(adviser, id="y", code="inkoper", merged_into=adviser.code, valid_to=BEFORE.date()))
    with_name = a_meeting(target_groups=(Label(code=adviser.code, labels=adviser.labels),))
    house.tell(MeetingPublished(meeting=with_name))
    assert _invite(house, with_name.id, targetGroups=[adviser.code])["people"] == 1
    _drop(house, answer(house.one_mail(), "ACCEPTED", at=BEFORE))
    told = tables.flow.outbox.c
    with house.service.database.reading() as session:
        (accepted,) = session.scalars(select(told.payload).where(told.type == "invitation.accepted"))
    assert accepted["reply"]["targetGroup"] == adviser.code


def _subscribe(house: Office, name: str) -> None:
    _press(house, _link(_asked(house, name), "/notifications/subscriptions/"))


def _asked(house: Office, name: str, **changes: Any) -> Mail:
    wish = {"name": name, "email": f"{name}@gemeente.example", "targetGroup": "inkoper", "regions": ["PV26"]}
    asked = house.service.app.test_client().post("/notifications/v1/subscriptions", json={**wish, **changes})
    assert asked.status_code == 202, asked.text
    return house.one_mail()


def _invite(house: Office, meeting_id: str = MEETING.id, **wish: Any) -> Mapping[str, Any]:
    path = f"/notifications/v1/meetings/{meeting_id}/campaigns"
    started = _post(house, path, {"targetGroups": ["inkoper"], **wish})
    assert started.status_code == 202, started.text
    house.due()
    found: Mapping[str, Any] = started.json  # type: ignore[assignment]  # an object
    return found


def _bring(address: str) -> dict[str, Any]:
    return {"addresses": [{"email": address, "targetGroup": "inkoper"}], "ground": "Bekend", "targetGroups": []}


def _progress(house: Office) -> Mapping[str, Any]:
    answered = _client(house).get(CAMPAIGNS, headers=MANAGER)
    return dict(answered.json[0])


def _post(house: Office, path: str, body: Mapping[str, Any]) -> TestResponse:
    answered: TestResponse = _client(house).post(path, json=body, headers=MANAGER)
    return answered


def _client(house: Office) -> Any:
    return house.service.app.test_client()


def _press(house: Office, path: str, action: str = "", **typed: str) -> TestResponse:
    """Open a page as a browser does and press its button; an organiser's pages are opened signed in."""
    visitor = _client(house)
    if path.startswith("/notifications/campaigns"):
        visitor.set_cookie(SIGN_IN_COOKIE, "the-manager")
    page = visitor.get(path).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    where = re.search(rf'action="([^"]+{action})"', page) if action else None
    assert token, page
    sent = {"csrf_token": token[1], **typed}
    pressed: TestResponse = visitor.post(where[1] if where else path, data=sent, follow_redirects=True)
    assert pressed.status_code == 200, pressed.text
    return pressed


def _drop(house: Office, reply: bytes) -> None:
    filed = Desk(house.service.database, OURS, "kring.example").take_without_envelope(reply)
    assert [each.outcome for each in filed] == ["acted"]


def _seats(house: Office, free: int) -> None:
    group = GroupSeats(taken=0, reserved=0, maximum=20, waiting=0, free=free)
    house.tell(
        SeatsChanged(
            meeting_id=MEETING.id, capacity=20, taken=20 - free, free=free, waiting=0, target_groups={"inkoper": group}
        )
    )


def _wants(house: Office, name: str) -> bool:
    with house.service.database.reading() as session:
        return wants(session, OURS, f"{name}@gemeente.example", "invitations")


def _invitation_id(mail: Mail) -> str:
    return mail.entry.uid.partition("@")[0]


def _link(mail: Mail, path: str) -> str:
    """The link in the plain text that leads to ``path``, alone on a line."""
    (link,) = re.findall(rf"^http://127.0.0.1:8000({re.escape(path)}\S+)$", mail.text, re.MULTILINE)
    return str(link)

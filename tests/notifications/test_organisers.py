"""What organisers see of invitations and mail, by API and in the browser, and what they must not see."""

from dataclasses import replace
from typing import Any

import pytest

from shared.db.transaction import new_id
from shared.events.catalog import Label, MeetingPublished
from shared.events.registration import (
    AccessChanged,
    LinkRequested,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationWaitlisted,
)
from shared.people.grants import secret_hash
from shared.web.access import SIGN_IN_COOKIE
from tests.builders import a_meeting, a_person, a_registration
from tests.notifications.office import BEFORE, Office

MEETING = a_meeting()
ELSEWHERE = a_meeting(regions=(Label(code="PV20", labels={"nl": "Groningen"}),))
SAM = a_registration(meeting_id=MEETING.id)
INVITATIONS = f"/notifications/v1/meetings/{MEETING.id}/invitations"
MESSAGES = "/notifications/v1/messages"
MAILROOM = "/notifications/mailroom"


def test_an_organiser_sees_who_was_invited_and_what_became_of_it(office: Office) -> None:
    _known(office)
    office.tell(RegistrationConfirmed(registration=SAM))
    waiting = _get(office, INVITATIONS)
    assert [entry["delivery"] for entry in waiting] == ["waiting"]
    uid = office.one_mail().entry.uid
    assert _get(office, INVITATIONS) == [
        {
            "email": "sam@gemeente.example",
            "uid": uid,
            "sequence": 0,
            "state": "live",
            "answer": None,
            "delivery": "sent",
            "registrationId": SAM.id,
        }
    ]
    office.tell(RegistrationCancelled(registration=replace(SAM, status="cancelled")))
    office.post()
    ((gone),) = _get(office, INVITATIONS)
    assert (gone["uid"], gone["sequence"], gone["state"]) == (uid, 1, "cancelled")


def test_an_invitation_that_never_left_is_dead(office: Office) -> None:
    _known(office)
    office.tell(RegistrationConfirmed(registration=SAM))
    office.tell(RegistrationCancelled(registration=replace(SAM, status="cancelled")))
    assert [entry["state"] for entry in _get(office, INVITATIONS)] == ["dead"]


@pytest.mark.parametrize("path", [INVITATIONS, MESSAGES], ids=["invitations", "messages"])
def test_nobody_sees_anything_without_a_key(office: Office, path: str) -> None:
    _known(office)
    assert office.service.app.test_client().get(path).status_code == 401
    assert _answer(office, path, key="made-up").status_code == 401
    assert _answer(office, path, key="helper").status_code == 403


def test_organisers_see_their_own_regions_only(office: Office) -> None:
    _known(office)
    office.tell(RegistrationConfirmed(registration=SAM))
    ann = a_registration(meeting_id=ELSEWHERE.id, person=a_person(email="ann@provincie.example"))
    office.tell(RegistrationConfirmed(registration=ann))
    office.tell(_link())
    office.post()
    assert [mail["recipient"] for mail in _get(office, MESSAGES)] == ["sam@gemeente.example"]
    assert len(_get(office, MESSAGES, key="the-manager")) == 3
    elsewhere = f"/notifications/v1/meetings/{ELSEWHERE.id}/invitations"
    assert _answer(office, elsewhere).status_code == 403
    assert _answer(office, "/notifications/v1/meetings/unknown/invitations").status_code == 403
    assert _answer(office, "/notifications/v1/meetings/unknown/invitations", key="the-manager").status_code == 404
    for mail in _get(office, MESSAGES, key="the-manager"):
        own = mail["recipient"] == "sam@gemeente.example"
        assert _page(office, f"{MAILROOM}/{mail['id']}").status_code == (200 if own else 403)


def test_mails_are_found_by_how_they_fare(office: Office) -> None:
    _known(office)
    office.tell(RegistrationConfirmed(registration=SAM))
    assert _get(office, f"{MESSAGES}?status=sent") == []
    office.post()
    ((mail),) = _get(office, f"{MESSAGES}?status=sent")
    assert (mail["kind"], mail["subject"], mail["attempts"]) == (
        "invitation",
        "U heeft een plek: Samen duurzaam inkopen",
        1,
    )
    refused = _answer(office, f"{MESSAGES}?status=lost&page=0")
    assert (refused.status_code, refused.content_type) == (400, "application/problem+json")
    assert {error["name"] for error in refused.get_json()["errors"]} == {"status", "page"}


def test_long_lists_are_paged(office: Office) -> None:
    _known(office)
    for number in range(3):
        person = a_person(email=f"p{number}@gemeente.example")
        office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=MEETING.id, person=person)))
    first = _answer(office, f"{INVITATIONS}?limit=2")
    assert len(first.get_json()) == 2
    assert f'<http://127.0.0.1:8000{INVITATIONS}?limit=2&page=2>; rel="next"' in first.headers["Link"]
    assert len(_get(office, f"{INVITATIONS}?limit=2&page=2")) == 1


def test_the_mailroom_shows_mails_without_the_links_that_act_for_others(office: Office) -> None:
    _known(office)
    office.tell(RegistrationWaitlisted(registration=replace(SAM, status="waitlisted", place=1)))
    office.tell(_link())
    waiting = _page(office, MAILROOM, key="the-manager").text
    assert "link om in te loggen" in waiting
    assert "wacht" in waiting
    mails = office.new_mail()
    listed = _page(office, MAILROOM, key="the-manager").text
    assert "U staat op de wachtlijst: Samen duurzaam inkopen" in listed
    tokens = {line.rpartition("/")[2] for mail in mails for line in mail.text.splitlines() if "/registration/" in line}
    assert len(tokens) == 2
    for mail in _get(office, MESSAGES, key="the-manager"):
        page = _page(office, f"{MAILROOM}/{mail['id']}", key="the-manager").text
        assert "/registration/" in page
        assert not [token for token in tokens if token in page]


def test_the_mailroom_is_closed_to_passers_by(office: Office) -> None:
    _known(office)
    answer = office.service.app.test_client().get(MAILROOM)
    assert (answer.status_code, answer.location) == (303, "/registration/sign-in?next=%2Fnotifications%2Fmailroom")
    assert _page(office, MAILROOM, key="helper").status_code == 403
    assert _page(office, f"{MAILROOM}/unknown", key="the-manager").status_code == 404


def test_html_in_a_title_is_shown_as_typed(office: Office) -> None:
    _known(office)
    office.tell(MeetingPublished(meeting=replace(MEETING, revision=2, title={"nl": "<script>alert(1)</script>"})))
    office.tell(RegistrationConfirmed(registration=SAM))
    office.post()
    assert "&lt;script&gt;" in _page(office, MAILROOM).text
    assert "<script" not in _page(office, MAILROOM).text


def test_a_key_that_is_revoked_opens_nothing_any_more(office: Office) -> None:
    _known(office)
    office.tell(replace(_access("organiser", "organiser"), revoked=True))
    assert _answer(office, MESSAGES).status_code == 401


def _known(office: Office) -> None:
    """Two meetings in two provinces, an organiser of the first, and a helper at its door."""
    for meeting in (MEETING, ELSEWHERE):
        office.tell(MeetingPublished(meeting=meeting))
    office.tell(_access("organiser", "organiser", regions=("PV26",)))
    office.tell(_access("helper", "helper", meeting_id=MEETING.id))


def _access(secret: str, role: Any, **scope: Any) -> AccessChanged:
    return AccessChanged(
        id=f"grant-{secret}", kind="key", secret_hash=secret_hash(secret), role=role, person_id=new_id(), **scope
    )


def _link() -> LinkRequested:
    until = BEFORE.replace(hour=23)
    return LinkRequested(id=new_id(), purpose="sign-in", valid_until=until, email="noor@provincie.example")


def _answer(office: Office, path: str, key: str = "organiser") -> Any:
    return office.service.app.test_client().get(path, headers={"Authorization": f"Bearer {key}"})


def _get(office: Office, path: str, key: str = "organiser") -> Any:
    answer = _answer(office, path, key)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def _page(office: Office, path: str, key: str = "organiser") -> Any:
    client = office.service.app.test_client()
    client.set_cookie(SIGN_IN_COOKIE, key, domain="127.0.0.1")
    return client.get(path, base_url="http://127.0.0.1:8000")

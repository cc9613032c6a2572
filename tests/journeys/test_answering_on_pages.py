"""Answers with a button: from who has no calendar that answers, and from who answered at another address."""

import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from tests.journeys.kring import BASE_URL, Kring, Visitor, mine_link, only
from tests.notifications.answering import answer
from tests.notifications.office import Mail

ANNA, BRAM = "anna@gemeente.example", "bram@gemeente.example"


def test_a_no_on_the_page_gives_the_seat_away_takes_the_entry_back_and_leads_back(kring: Kring) -> None:
    meeting = kring.publish(seatPlan={"capacity": 1})
    kring.sign_up(meeting, "Anna")
    invited = only(kring.new_mail(), ANNA)
    kring.sign_up(meeting, "Bram")
    kring.new_mail()
    anna = kring.visitor()

    page = anna.open(_links(invited)["declined"])
    assert (page.status_code, kring.new_mail()) == (200, {})  # mail scanners open links too
    said = _press(anna, page, "declined")
    assert "Uw antwoord: nee." in said.text
    heard = kring.new_mail()

    assert only(heard, BRAM).entry.method == "REQUEST"
    taken_back = only(heard, ANNA)
    assert (taken_back.entry.method, taken_back.entry.uid) == ("CANCEL", invited.entry.uid)
    assert kring.attendees(meeting) == ["Bram"]
    after = anna.open(_links(invited)["accepted"])
    assert "Wilt u toch komen?" in after.text
    (way_back,) = re.findall(r'href="(/registration/mine/[^"]+)"', after.text)
    assert "Samen circulair inkopen" in anna.open(way_back).text
    assert mine_link(taken_back)


def test_a_yes_on_the_page_takes_the_offered_seat_and_the_calendar_hears_of_it(kring: Kring) -> None:
    meeting = kring.publish(seatPlan={"capacity": 1, "promotion": "offer"})
    kring.sign_up(meeting, "Anna")
    invited = only(kring.new_mail(), ANNA)
    kring.sign_up(meeting, "Bram")
    kring.new_mail()
    kring.drop(answer(invited, "DECLINED"))
    offer = only(kring.new_mail(), BRAM)
    bram = kring.visitor()

    page = bram.open(_links(offer)["tentative"])
    assert "Er is een plek voor u vrijgehouden." in page.text
    page = _press(bram, page, "tentative")
    assert kring.new_mail() == {}
    _press(bram, page, "accepted")

    told = only(kring.new_mail(), BRAM)
    assert (told.entry.method, told.entry.uid) == ("REQUEST", offer.entry.uid)
    assert (told.entry.sequence, told.entry.partstat, told.entry.busy) == (offer.entry.sequence + 1, "ACCEPTED", "BUSY")
    assert kring.attendees(meeting) == ["Bram"]
    kring.drop(answer(offer, "DECLINED", at=offer.entry.stamped_at - timedelta(minutes=1)))  # older than the page
    assert kring.new_mail() == {}


def test_a_link_opens_its_own_invitation_only_and_no_entry_holds_one(kring: Kring) -> None:
    meeting = kring.publish()
    kring.sign_up(meeting, "Anna")
    kring.sign_up(meeting, "Bram")
    mails = kring.new_mail()
    annas, brams = only(mails, ANNA), only(mails, BRAM)
    anna, bram, stranger = kring.visitor(), kring.visitor(), kring.visitor()
    page = anna.open(_links(annas)["accepted"])
    other = bram.open(_links(brams)["accepted"]).request.path

    assert stranger.get(page.request.path).location == "/registration/mine?next=" + page.request.path.replace(
        "/", "%2F"
    )
    assert anna.get(other).status_code == 303  # the cookie does not even go there
    anna.client.set_cookie("kring_link", _links(annas)["accepted"].split("/")[-1].partition("?")[0], path=other)
    assert anna.get(other).status_code == 403
    assert stranger.open("/notifications/answer/" + "x" * 80).status_code == 404
    opened = stranger.get(_links(annas)["accepted"])
    assert (opened.headers["Referrer-Policy"], opened.location) == (
        "no-referrer",
        page.request.path + "?answer=accepted",
    )
    assert b"/notifications/answer/" not in annas.calendars[0]
    wrong = anna.client.post(page.request.path, data={**form_fields(page), "answer": "perhaps"})
    assert wrong.status_code == 400

    english = anna.open(_links(annas)["accepted"] + "&lang=en")
    assert english.status_code == 200
    kring.ask("POST", f"/v1/meetings/{meeting['id']}/cancellation", json={})
    kring.settle()
    assert "afgelast of voorbij" in kring.visitor().open(_links(annas)["accepted"]).text


@pytest.mark.parametrize("partstat", ["DECLINED", "DELEGATED"])
def test_that_was_me_lets_the_answer_count_once_and_remembers_the_address(kring: Kring, partstat: str) -> None:
    meeting = kring.publish()
    kring.sign_up(meeting, "Anna")
    invited = only(kring.new_mail(), ANNA)
    alias = "a.jansen@gemeente.example"
    kring.drop(answer(invited, partstat, ATTENDEE=f"mailto:{alias}"))
    question = only(kring.new_mail(), ANNA)
    assert alias in question.text
    anna = kring.visitor()

    (link,) = re.findall(rf"{BASE_URL}(/notifications/whose-answer/\S+)", question.text)
    page = anna.open(link)
    assert alias in page.text
    assert ("Het antwoord: nee." in page.text) is (partstat == "DECLINED")
    assert kring.attendees(meeting) == ["Anna"]
    done = anna.press(page)
    assert "tellen antwoorden van dat adres als die van u" in done.text
    heard = kring.new_mail()
    assert anna.client.post(link, data=form_fields(page), follow_redirects=True).text == done.text
    assert kring.new_mail() == {}
    assert kring.attendees(meeting) == ([] if partstat == "DECLINED" else ["Anna"])
    if partstat == "DECLINED":
        assert only(heard, ANNA).subject == "U bent afgemeld: Samen circulair inkopen"
    else:
        kring.drop(answer(invited, "ACCEPTED", ATTENDEE=f"mailto:{alias.upper()}"))
        assert kring.new_mail() == {}
        assert _answers(kring, meeting["id"]) == ["accepted"]

    kring.clock.forward(days=31)
    gone = anna.get(link)
    assert (gone.status_code, "30 dagen" in gone.text) == (404, True)


def form_fields(page: TestResponse) -> dict[str, str]:
    """What a browser sends along from any form of a page."""
    (token,) = set(re.findall(r'name="csrf_token" value="([^"]+)"', page.text))
    return {"csrf_token": token}


def _press(visitor: Visitor, page: TestResponse, choice: str) -> TestResponse:
    assert f'name="answer" value="{choice}"' in page.text
    data = {**form_fields(page), "answer": choice}
    return visitor.client.post(page.request.path, data=data, follow_redirects=True)


def _links(mail: Mail) -> dict[str, str]:
    """The links with which the mail can be answered; HTML has the same."""
    found = re.findall(rf"{BASE_URL}(/notifications/answer/\S+\?answer=(\w+))$", mail.text, re.MULTILINE)
    links = {choice: link for link, choice in found}
    assert list(links) == ["accepted", "tentative", "declined"]
    assert all(f'href="{BASE_URL}{link}"' in mail.html for link in links.values())
    return links


def _answers(kring: Kring, meeting_id: str) -> list[str]:
    invitations = kring.ask("GET", f"/notifications/v1/meetings/{meeting_id}/invitations").json
    assert isinstance(invitations, list)
    return [invitation["answer"] for invitation in invitations]

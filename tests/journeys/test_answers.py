"""The calendar loop: what people answer in their calendars moves seats, and that reaches the calendars of others."""

import re

from tests.journeys.kring import Kring, only
from tests.notifications.answering import answer, words


def test_a_no_gives_the_seat_to_the_next_whose_calendar_hears_of_it(kring: Kring) -> None:
    meeting = kring.publish(seatPlan={"capacity": 1})
    kring.sign_up(meeting, "Anna")
    invited = only(kring.new_mail(), "anna@gemeente.example")
    kring.sign_up(meeting, "Bram")
    kring.new_mail()

    file = kring.drop(answer(invited, "DECLINED"))
    heard = kring.new_mail()

    assert only(heard, "bram@gemeente.example").entry.method == "REQUEST"
    told = only(heard, "anna@gemeente.example")
    assert (told.subject, told.calendars) == ("U bent afgemeld: Samen circulair inkopen", [])
    assert "Uw plek is al doorgegeven" in told.text
    assert kring.attendees(meeting) == ["Bram"]
    assert not file.exists()
    assert (file.parent / "read" / file.name).exists()


def test_a_yes_takes_the_offered_seat_and_words_confirm_it(kring: Kring) -> None:
    meeting = kring.publish(seatPlan={"capacity": 1, "promotion": "offer"})
    kring.sign_up(meeting, "Anna")
    invited = only(kring.new_mail(), "anna@gemeente.example")
    kring.sign_up(meeting, "Bram")
    kring.new_mail()
    kring.drop(answer(invited, "DECLINED"))
    offer = only(kring.new_mail(), "bram@gemeente.example")
    assert offer.entry.busy == "TENTATIVE"

    kring.drop(answer(offer, "ACCEPTED"))
    told = only(kring.new_mail(), "bram@gemeente.example")

    assert (told.subject, told.calendars) == ("U heeft een plek: Samen circulair inkopen", [])
    assert kring.attendees(meeting) == ["Bram"]
    kring.drop(answer(offer, "ACCEPTED", COMMENT="nog eens"))
    assert kring.new_mail() == {}


def test_a_no_taken_back_revives_the_same_entry_while_there_is_room(kring: Kring) -> None:
    meeting = kring.publish(seatPlan={"capacity": 1})
    kring.sign_up(meeting, "Anna")
    invited = only(kring.new_mail(), "anna@gemeente.example")
    kring.drop(answer(invited, "DECLINED"))
    assert "doorgegeven" not in only(kring.new_mail(), "anna@gemeente.example").text
    kring.clock.forward(minutes=5)

    kring.drop(answer(invited, "ACCEPTED", at=kring.clock.now))
    told = only(kring.new_mail(), "anna@gemeente.example")
    assert (told.subject, told.calendars) == ("U heeft een plek: Samen circulair inkopen", [])
    assert kring.attendees(meeting) == ["Anna"]

    kring.clock.forward(minutes=5)
    kring.drop(answer(invited, "DECLINED", at=kring.clock.now))
    kring.sign_up(meeting, "Bram")
    kring.new_mail()
    kring.clock.forward(minutes=5)
    kring.drop(answer(invited, "ACCEPTED", at=kring.clock.now))
    heard = kring.new_mail()
    waits = only(heard, "anna@gemeente.example")
    assert (waits.subject, waits.entry.method) == ("U staat op de wachtlijst: Samen circulair inkopen", "CANCEL")
    assert kring.attendees(meeting) == ["Bram"]


def test_what_is_not_the_invited_persons_answer_changes_nothing(kring: Kring) -> None:
    meeting = kring.publish(contact={"name": "Bureau", "email": "bureau@kantoor.example"})
    kring.sign_up(meeting, "Anna")
    invited = only(kring.new_mail(), "anna@gemeente.example")

    kring.drop(answer(invited, "DECLINED", sender="carla@elders.example", ATTENDEE="mailto:carla@elders.example"))
    heard = kring.new_mail()
    assert "Was u dit?" in only(heard, "anna@gemeente.example").subject
    assert "Meld u zelf aan" in only(heard, "carla@elders.example").subject

    kring.drop(answer(invited, "DECLINED", UID="another@kring.example"))
    kring.drop(answer(invited, "DECLINED").replace(b"reply+", b"reply+a"))
    kring.drop(answer(invited, "DECLINED", METHOD="REQUEST"))
    kring.drop(b"\xff\xfe no mail at all")
    assert kring.new_mail() == {}

    kring.drop(words(invited, "Helaas, ik ben ziek."))
    question = only(kring.new_mail(), "bureau@kantoor.example")
    assert "Helaas, ik ben ziek." in question.text
    assert question.message["Reply-To"] == "anna@gemeente.example"

    kring.drop(words(invited, "Ik ben met vakantie.", Auto_Submitted="auto-replied"))
    assert kring.new_mail() == {}
    assert kring.attendees(meeting) == ["Anna"]


def test_another_time_another_person_and_once_more(kring: Kring) -> None:
    meeting = kring.publish(contact={"name": "Bureau", "email": "bureau@kantoor.example"})
    kring.sign_up(meeting, "Anna")
    invited = only(kring.new_mail(), "anna@gemeente.example")

    kring.drop(answer(invited, "TENTATIVE", METHOD="COUNTER", COMMENT="Kan het een uur later?"))
    heard = kring.new_mail()
    stays = only(heard, "anna@gemeente.example")
    assert (stays.entry.method, stays.entry.sequence) == ("DECLINECOUNTER", invited.entry.sequence)
    assert stays.entry.stamped_at > invited.entry.stamped_at
    assert "Kan het een uur later?" in only(heard, "bureau@kantoor.example").text

    kring.drop(answer(invited, "DELEGATED"))
    assert "Wilt u uw plek doorgeven?" in only(kring.new_mail(), "anna@gemeente.example").subject

    kring.drop(answer(invited, "NEEDS-ACTION", METHOD="REFRESH"))
    again = only(kring.new_mail(), "anna@gemeente.example")
    assert (again.entry.uid, again.entry.sequence) == (invited.entry.uid, invited.entry.sequence)
    assert again.entry.stamped_at > stays.entry.stamped_at
    assert kring.attendees(meeting) == ["Anna"]


def test_the_mailroom_says_what_each_calendar_holds_and_what_was_made_of_every_mail(kring: Kring) -> None:
    meeting = kring.publish(seatPlan={"capacity": 1})
    kring.sign_up(meeting, "Anna")
    invited = only(kring.new_mail(), "anna@gemeente.example")
    kring.sign_up(meeting, "Bram")
    kring.drop(answer(invited, "DECLINED"))
    kring.drop(words(invited, "Sorry, ziek!"))
    kring.drop(answer(invited, "ACCEPTED", UID="another@kring.example"))
    kring.new_mail()

    manager = kring.visitor()
    manager.press(manager.open(kring.command("sign-in-link")))
    kring.settle()
    mailroom = "/notifications/mailroom"
    calendars = manager.get(f"{mailroom}/meetings/{meeting['id']}").text
    assert "1 van 1 agenda is bijgewerkt" in calendars
    received = manager.get(f"{mailroom}/received").text
    assert "heeft iets gedaan: de persoon komt niet" in received
    assert "iemand vraagt iets: doorgegeven aan het contactpunt" in received
    assert "niet aangenomen: het antwoord gaat over een andere uitnodiging" in received
    (asks,) = re.findall(r'/received/([^"?]+)"', manager.get(f"{mailroom}/received?outcome=question").text)
    assert "Sorry, ziek!" in manager.get(f"{mailroom}/received/{asks}").text

    people = {name: path for path, name in re.findall(r'href="(\S+/people/\S+)">(\w+)', calendars)}
    assert "de persoon komt niet" not in manager.get(people["Bram"]).text
    assert "Uitnodiging opnieuw versturen" not in manager.get(people["Anna"]).text
    assert manager.press(manager.get(people["Bram"])).status_code == 200
    heard = kring.new_mail()
    assert set(heard) == {"bram@gemeente.example"}
    assert only(heard, "bram@gemeente.example").entry.sequence == 0

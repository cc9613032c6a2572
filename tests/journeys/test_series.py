"""Several meetings of a series in one go: one overview with each answer, beside invitations that are short."""

from tests.journeys.kring import Kring, mine_link

SERIES = "Rondje regio"
ANNA = {"name": "Anna", "email": "anna@gemeente.example", "targetGroup": "inkoper"}


def test_one_overview_tells_how_it_stands_with_each_meeting(kring: Kring) -> None:
    utrecht = kring.publish(series=SERIES)
    elsewhere = {"startsAt": "2027-06-17T14:00", "endsAt": "2027-06-17T17:00"}
    kring.sign_up(kring.publish(series=SERIES, seatPlan={"capacity": 1}, **elsewhere), "Bram")
    key = {"Idempotency-Key": "one-click-of-anna"}
    for _ in range(2):
        address = f"/registration/v1/series/{SERIES}/registrations"
        assert kring.ask("POST", address, headers=key, json={**ANNA, "meetings": "all"}).status_code == 201

    mails = kring.new_mail()["anna@gemeente.example"]

    (overview,) = [mail for mail in mails if "reeks" in mail.subject]
    assert overview.subject == "Uw bijeenkomsten in de reeks Rondje regio"
    assert overview.calendars == []
    assert "donderdag 10 juni 2027" in overview.text
    assert "U heeft een plek." in overview.text
    assert "donderdag 17 juni 2027" in overview.text
    assert "U bent nummer 1 op de wachtlijst." in overview.text
    assert overview.text.count("/registration/mine/") == 2
    (invitation,) = [mail for mail in mails if mail.calendars]
    assert "Een overzicht van alle bijeenkomsten" in invitation.text
    assert "Zonder antwoord" not in invitation.text
    assert mine_link(invitation) in overview.text
    assert len(mails) == 3

    kring.sign_up(utrecht, "Cora")
    (alone,) = kring.new_mail()["cora@gemeente.example"]
    assert "overzicht" not in alone.text


def test_one_meeting_of_a_series_is_no_overview(kring: Kring) -> None:
    meeting = kring.publish(series=SERIES)
    kring.ask("POST", f"/registration/v1/series/{SERIES}/registrations", json={**ANNA, "meetings": [meeting["id"]]})
    (mail,) = kring.new_mail()["anna@gemeente.example"]
    assert "overzicht" not in mail.text

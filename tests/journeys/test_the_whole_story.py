# ruff: noqa: RUF001  # people type curly quotes
"""From a draft to a seat in somebody's calendar, and out of it again."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from icalendar import Calendar

from tests.journeys.kring import BASE_URL, MANAGER, READY, Kring, mine_link, only
from tests.journeys.pages import form_of
from tests.shared.calendar.judges import JUDGES, Reading, judge_all, subscribe

AWKWARD = {
    "title": {"nl": 'Één dag: "groen", rood; ja 🌍', "en": 'One day: "green", red; yes 🌍'},
    "venue": {"name": "’t Huis, zaal 3; achterom", "address": "Löweplein 1", "postalCode": "9401 AA", "city": "Assen"},
}
SAM = "Sam.O'Neill+werk@gemeente.example"
FORMULA = '=HYPERLINK("http://evil.example";"klik")'


def test_a_draft_says_what_it_lacks_and_a_publication_is_found(kring: Kring) -> None:
    key = {"Authorization": f"Bearer {kring.command('keys', 'add', '--role', 'organiser', '--region', 'PV26')}"}
    kring.settle()
    few = {name: READY[name] for name in ("title", "startsAt", "endsAt")}
    plan = {"seatPlan": {"capacity": 3, "reserved": {"inkoper": 4}, "maximum": {"tovenaar": 1}}}
    unknown = kring.ask("POST", "/v1/meetings", key, json={**few, **plan})
    draft = kring.ask("POST", "/v1/meetings", key, json=few)
    assert (unknown.status_code, draft.status_code) == (400, 201), (unknown.text, draft.text)
    address = draft.headers["Location"].removeprefix("http://127.0.0.1:8000")

    refused = kring.ask("POST", f"{address}/publication", key)
    slug = (draft.json or {})["slug"]
    unseen = [kring.visitor().get(f"{page}/{slug}").status_code for page in ("/meetings", "/registration/meetings")]
    whole = {**READY, "seatPlan": {"capacity": 3, "reserved": {"beleidsmaker": 1}, "releaseAt": "2027-06-01T09:00"}}
    changed = kring.ask("PATCH", address, {**key, "If-Match": draft.headers["ETag"]}, json=whole)
    published = kring.ask("POST", f"{address}/publication", key)
    kring.settle()

    assert refused.status_code == 400
    assert {error["name"] for error in (refused.json or {})["errors"]} >= {
        "organiser.name",
        "venue",
        "seatPlan.capacity",
    }
    assert unseen == [404, 404]
    assert (changed.status_code, published.status_code) == (200, 200), changed.text
    public = kring.visitor()
    title = READY["title"]["nl"]
    assert title in public.get("/meetings?region=PV26&targetGroup=inkoper").text
    assert title not in public.get("/meetings?region=PV20").text
    assert title not in public.get("/meetings?targetGroup=bestuurder").text
    page = public.get(f"/meetings/{slug}").text
    assert all(word in page for word in (title, "Stadsplateau 1", "14.00", f"/registration/meetings/{slug}"))
    assert title in public.get(f"/registration/meetings/{slug}").text


def test_by_form_and_by_program_until_it_is_full(kring: Kring) -> None:
    meeting = kring.publish(seatPlan={"capacity": 3, "reserved": {"beleidsmaker": 1}})
    anna, bram = kring.visitor(), kring.visitor()
    page = anna.get(f"/registration/meetings/{meeting['slug']}")
    form = form_of(page.text)
    typed = {"name": "Anna", "email": "Anna@gemeente.example", "organisation": "Gouda", "targetGroup": "inkoper"}
    assert set(form.choices["targetGroup"]) >= {"inkoper", "beleidsmaker"}
    assert form.fields["csrf_token"]
    assert form.fields["key"]

    forgotten = anna.press(page, **{**typed, "name": ""})
    answer = anna.press(forgotten, name="Anna")
    doubled = anna.press(forgotten, name="Anna")
    stolen = bram.press(page, **{**typed, "name": "Bram"})
    by_program = [kring.sign_up(meeting, name).json for name in ("Cora", "Dirk", "Emma")]
    policy = kring.sign_up(meeting, "Finn", "beleidsmaker").json

    assert forgotten.status_code == 400
    assert "Gouda" in forgotten.text
    assert (answer.status_code, doubled.status_code, stolen.status_code) == (201, 201, 400)
    assert "U heeft een plek" in answer.text
    assert "U heeft een plek" in doubled.text
    assert by_program == [
        {"status": "confirmed"},
        {"status": "waitlisted", "place": 1},
        {"status": "waitlisted", "place": 2},
    ]
    assert policy == {"status": "confirmed"}
    seats = kring.seats(meeting)
    assert (seats["taken"], seats["free"], seats["waiting"]) == (3, 0, 2)
    waits = kring.visitor()
    late = waits.press(waits.get(f"/registration/meetings/{meeting['slug']}"), **{**typed, "email": "g@g.example"})
    assert "nummer 3 op de wachtlijst" in late.text
    mails = kring.new_mail()
    assert {address: len(mail) for address, mail in mails.items()} == {
        "Anna@gemeente.example": 1,
        **dict.fromkeys(("cora@gemeente.example", "dirk@gemeente.example", "emma@gemeente.example"), 1),
        "finn@gemeente.example": 1,
        "g@g.example": 1,
    }
    assert [len(only(mails, f"{name}@gemeente.example").calendars) for name in ("cora", "dirk")] == [2, 0]
    assert "nummer 1" in only(mails, "dirk@gemeente.example").text


def test_every_calendar_program_reads_the_invitations_and_the_feed_alike(kring: Kring, tmp_path: Path) -> None:
    expected, invited = {}, {}
    for day in ("2027-03-26", "2027-03-29", "2027-11-01"):
        times = {"startsAt": f"{day}T14:00", "endsAt": f"{day}T17:00"}
        meeting = kring.publish(**AWKWARD, **times)
        kring.sign_up(meeting, "Şam, O’Neill; “x”", email=SAM)
        expected[meeting["id"]] = Reading(
            method=None,
            uid="",
            sequence=0,
            starts_at=datetime.fromisoformat(meeting["startsAt"]),
            ends_at=datetime.fromisoformat(meeting["endsAt"]),
            summary=AWKWARD["title"]["nl"],
            description="",
            location="’t Huis, zaal 3; achterom, Löweplein 1, 9401 AA Assen",
            status="CONFIRMED",
            attendee=None,
            partstat=None,
        )
        invited[meeting["id"]] = only(kring.new_mail(), SAM)
    assert [reading.starts_at.hour for reading in expected.values()] == [13, 12, 13]

    id_, mail = list(invited.items())[-1]
    wanted = replace(
        expected[id_],
        method="REQUEST",
        uid=mail.entry.uid,
        description=mail.entry.description,
        attendee=SAM,
        partstat="NEEDS-ACTION",
    )
    assert judge_all(mail.calendars[0]) == {judge: [wanted] for judge in JUDGES}
    assert mail.calendars[0] == mail.calendars[1]

    feed = kring.visitor().get("/calendar.ics?region=PV26").data
    assert {each.entry.uid for each in invited.values()}.isdisjoint(feed.decode().split())
    readings = judge_all(feed)
    assert len({tuple(read) for read in readings.values()}) == 1
    found = sorted((replace(read, uid="", description="") for read in readings["ical.js"]), key=_start)
    assert found == sorted(expected.values(), key=_start)
    with kring.served() as address:
        entries = subscribe(f"{address}/calendar.ics?region=PV26", tmp_path / "phone")
    kept = [Calendar.from_ical(entry.read_bytes()).events[0] for entry in entries]
    assert sorted(event.decoded("DTSTART").astimezone(UTC) for event in kept) == [read.starts_at for read in found]
    assert {str(event["SUMMARY"]) for event in kept} == {AWKWARD["title"]["nl"]}


def _start(reading: Reading) -> datetime:
    return reading.starts_at


def test_the_link_in_the_mail_shows_and_its_button_passes_the_seat_on(kring: Kring) -> None:
    plan = {"capacity": 2, "maximum": {"beleidsmaker": 1}}
    meeting = kring.publish(seatPlan=plan)
    for name, group in (("Anna", "inkoper"), ("Pia", "beleidsmaker"), ("Pim", "beleidsmaker"), ("Bram", "inkoper")):
        kring.sign_up(meeting, name, group)
    invitation = only(kring.new_mail(), "anna@gemeente.example")
    anna = kring.visitor()

    link = anna.get(mine_link(invitation))
    page = anna.get(link.headers["Location"])
    assert (link.status_code, page.status_code) == (303, 200)
    assert "U heeft een plek" in page.text
    assert kring.new_mail() == {}
    assert kring.attendees(meeting) == ["Anna", "Pia"]

    left = anna.press(page)

    assert "U bent niet aangemeld" in left.text
    assert kring.attendees(meeting) == ["Bram", "Pia"]  # Pim waited longer, but his role has its maximum
    mails = kring.new_mail()
    assert set(mails) == {"anna@gemeente.example", "bram@gemeente.example"}
    gone, comes = only(mails, "anna@gemeente.example").entry, only(mails, "bram@gemeente.example").entry
    assert (gone.method, gone.uid, gone.sequence, gone.status) == ("CANCEL", invitation.entry.uid, 1, "CANCELLED")
    assert (comes.method, comes.sequence, comes.starts_at) == ("REQUEST", 0, invitation.entry.starts_at)
    assert comes.uid != invitation.entry.uid

    again = kring.sign_up(meeting, "Anna").json
    assert again == {"status": "waitlisted", "place": 2}


def test_who_comes_on_the_screen_as_json_as_csv_and_by_one_command(kring: Kring, tmp_path: Path) -> None:
    meeting = kring.publish()
    kring.sign_up(meeting, "Anna", organisation="Gouda, afdeling inkoop")
    kring.sign_up(meeting, FORMULA, email="evil@gemeente.example")
    kring.sign_up(meeting, "Pia", "beleidsmaker")
    organiser = kring.visitor()
    organiser.press(organiser.open(kring.command("sign-in-link")))
    address = f"/registration/v1/meetings/{meeting['id']}/attendees"

    screen = organiser.get(f"/registration/desk/{meeting['slug']}/attendees").text
    as_json = kring.ask("GET", f"{address}?targetGroup=inkoper").json or []
    as_csv = kring.ask("GET", address, {**MANAGER, "Accept": "text/csv"}).data
    done = kring.process("registration", "attendees", meeting["slug"], "--each", "--out", str(tmp_path / "lists"))

    assert all(name in screen for name in ("Anna", "Pia", "=HYPERLINK(&#34;"))
    assert [person["name"] for person in as_json] == [FORMULA, "Anna"]
    assert as_csv.startswith(b"\xef\xbb\xbf")
    assert [row[0] for row in _rows(as_csv)] == ["name", f"'{FORMULA}", "Anna", "Pia"]
    assert done.returncode == 0, done.stderr
    lists = {path.name: [row[0] for row in _rows(path.read_bytes())[1:]] for path in (tmp_path / "lists").iterdir()}
    slug = meeting["slug"]
    assert lists == {
        f"{slug}.csv": [f"'{FORMULA}", "Anna", "Pia"],
        f"{slug}-inkoper.csv": [f"'{FORMULA}", "Anna"],
        f"{slug}-beleidsmaker.csv": ["Pia"],
    }


def _rows(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_meeting_that_moves_moves_in_the_calendars_of_those_with_a_seat(kring: Kring) -> None:
    meeting = kring.publish(seatPlan={"capacity": 2})
    for name in ("Anna", "Bram", "Wim", "Cor"):
        kring.sign_up(meeting, name)
    before = kring.new_mail()
    seats = [only(before, f"{name}@gemeente.example").entry for name in ("anna", "bram")]
    cor = kring.visitor()
    cor.press(cor.open(mine_link(only(before, "cor@gemeente.example"))))  # does not want to wait
    kring.new_mail()
    public = kring.visitor()
    feed = public.get("/calendar.ics")
    known = {"If-None-Match": feed.headers["ETag"]}
    assert public.get("/calendar.ics", headers=known).status_code == 304
    address = f"/v1/meetings/{meeting['id']}"
    etag = kring.ask("GET", address).headers["ETag"]
    moved = {"startsAt": "2027-06-11T09:30", "endsAt": "2027-06-11T12:00"}
    kring.clock.forward(hours=1)

    answers = [kring.ask("PATCH", address, {**MANAGER, **match}, json=moved).status_code for match in _matches(etag)]

    assert answers == [428, 412, 200]
    after = kring.new_mail()
    assert set(after) == {"anna@gemeente.example", "bram@gemeente.example"}
    now = [only(after, f"{name}@gemeente.example").entry for name in ("anna", "bram")]
    assert [(entry.method, entry.sequence) for entry in now] == [("REQUEST", 1)] * 2
    assert [entry.uid for entry in now] == [entry.uid for entry in seats]
    assert {entry.starts_at.astimezone(UTC) for entry in now} == {datetime(2027, 6, 11, 7, 30, tzinfo=UTC)}
    changed = public.get("/calendar.ics", headers=known)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != feed.headers["ETag"]
    (read,) = {reading[0] for reading in judge_all(changed.data).values()}
    assert (read.sequence, read.starts_at) == (1, datetime(2027, 6, 11, 7, 30, tzinfo=UTC))


def _matches(etag: str) -> list[dict[str, str]]:
    return [{}, {"If-Match": '"of-yesterday"'}, {"If-Match": etag}]


def test_at_the_release_who_waits_gets_the_seat_without_any_traffic(kring: Kring) -> None:
    plan = {"capacity": 2, "reserved": {"beleidsmaker": 1}, "releaseAt": "2027-06-01T09:00"}
    meeting = kring.publish(seatPlan=plan)
    kring.sign_up(meeting, "Anna")
    assert kring.sign_up(meeting, "Bram").json == {"status": "waitlisted", "place": 1}
    kring.new_mail()
    release_at = datetime(2027, 6, 1, 7, 0, tzinfo=UTC)

    kring.clock.now = release_at - timedelta(seconds=1)
    assert kring.new_mail() == {}
    kring.clock.now = release_at

    assert only(kring.new_mail(), "bram@gemeente.example").entry.method == "REQUEST"
    assert kring.attendees(meeting) == ["Anna", "Bram"]


def test_a_meeting_that_is_called_off_leaves_the_calendars(kring: Kring) -> None:
    meeting = kring.publish(seatPlan={"capacity": 1})
    for name in ("Anna", "Wim"):
        kring.sign_up(meeting, name)
    invitation = only(kring.new_mail(), "anna@gemeente.example").entry
    kring.clock.forward(days=1)

    called_off = kring.ask("POST", f"/v1/meetings/{meeting['id']}/cancellation", json={"reason": "De zaal is dicht."})

    assert called_off.status_code == 200
    mails = kring.new_mail()
    seat, waits = only(mails, "anna@gemeente.example"), only(mails, "wim@gemeente.example")
    assert (seat.entry.method, seat.entry.uid, seat.entry.sequence) == ("CANCEL", invitation.uid, 1)
    assert waits.calendars == []
    assert "afgelast" in waits.text
    late = kring.sign_up(meeting, "Laat")
    assert (late.status_code, (late.json or {})["type"]) == (409, f"{BASE_URL}/registration/problems/meeting-cancelled")
    (read,) = {reading[0] for reading in judge_all(kring.visitor().get("/calendar.ics").data).values()}
    assert (read.summary, read.status) == (f"Afgelast: {READY['title']['nl']}", "CANCELLED")
    assert "Afgelast" in kring.visitor().get(f"/meetings/{meeting['slug']}").text

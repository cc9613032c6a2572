"""The table: what the calendar was told, what it should hold, what was answered → what to send."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.rules.desired import Holding
from services.notifications.rules.sequence import Answer, Send, Told, difference

NOW = datetime(2027, 6, 10, 12, tzinfo=UTC)
OLD = Holding(
    starts_at=NOW, ends_at=NOW + timedelta(hours=3), time_zone="Europe/Amsterdam", title="Oud", location="Assen"
)
MOVED = replace(OLD, starts_at=NOW + timedelta(hours=1))
RENAMED = replace(OLD, title="Nieuw")
ELSEWHERE = replace(OLD, location="Zwolle")
ONLINE = replace(OLD, location="https://v.example/1", online_url="https://v.example/1")
NEW_LINK = replace(OLD, location="https://v.example/2", online_url="https://v.example/2")

YES, MAYBE, NO = Answer("accepted", 2), Answer("tentative", 2), Answer("declined", 2)
YES_HERE = replace(YES, by="page")
OFFERED = replace(OLD, offer_until=NOW - timedelta(days=3))
OLDER_NO = Answer("declined", 1)
TOLD = Told(2, OLD)


@pytest.mark.parametrize(
    ("told", "wanted", "answer", "send"),
    [
        # never told
        (None, None, None, None),
        (None, OLD, None, Send("REQUEST", 0, OLD)),
        # holds what it should
        (TOLD, OLD, None, None),
        (TOLD, OLD, YES, None),
        # the meeting changed
        (TOLD, MOVED, None, Send("REQUEST", 3, MOVED, asks_anew=True)),
        (TOLD, RENAMED, None, Send("REQUEST", 3, RENAMED)),
        (TOLD, MOVED, YES, Send("REQUEST", 3, MOVED, "NEEDS-ACTION", asks_anew=True)),
        (TOLD, ELSEWHERE, YES, Send("REQUEST", 3, ELSEWHERE, "NEEDS-ACTION", asks_anew=True)),
        (TOLD, ONLINE, YES, Send("REQUEST", 3, ONLINE, "NEEDS-ACTION", asks_anew=True)),
        (TOLD, RENAMED, YES, Send("REQUEST", 3, RENAMED, "ACCEPTED")),
        (Told(2, ONLINE), NEW_LINK, YES, Send("REQUEST", 3, NEW_LINK, "ACCEPTED")),
        (TOLD, MOVED, MAYBE, Send("REQUEST", 3, MOVED, "NEEDS-ACTION", asks_anew=True)),
        (TOLD, MOVED, NO, None),
        # a yes to what it was before the meeting moved is no yes to what it is now
        (Told(3, OLD, asked_anew=3), RENAMED, YES, Send("REQUEST", 4, RENAMED)),
        # an offer that was accepted in the calendar is the seat; with a button of ours the calendar has to hear of it
        (Told(2, OFFERED), OLD, YES, None),
        (Told(2, OFFERED), OLD, YES_HERE, Send("REQUEST", 3, OLD, "ACCEPTED")),
        (Told(2, OFFERED), MOVED, YES, Send("REQUEST", 3, MOVED, asks_anew=True)),
        # nothing should be there: no seat, or no meeting
        (TOLD, None, None, Send("CANCEL", 3, OLD)),
        (TOLD, None, YES, Send("CANCEL", 3, OLD)),
        (TOLD, None, MAYBE, Send("CANCEL", 3, OLD)),
        (TOLD, None, NO, None),
        (TOLD, None, OLDER_NO, Send("CANCEL", 3, OLD)),
    ],
)
def test_difference(told: Told | None, wanted: Holding | None, answer: Answer | None, send: Send | None) -> None:
    assert difference(told, wanted, answer) == send


@pytest.mark.parametrize("answer", [None, YES, MAYBE, NO])
@pytest.mark.parametrize("wanted", [OLD, MOVED, ONLINE])
def test_what_was_sent_is_not_sent_again(wanted: Holding, answer: Answer | None) -> None:
    send = difference(TOLD, wanted, answer)
    if send:
        assert difference(Told(send.sequence, send.holding), wanted, answer) is None

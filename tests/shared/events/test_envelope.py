"""What goes over the wire, read by a library that is not ours; and what comes in from strangers."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from shared.events.catalog import MeetingPublished
from shared.events.contract import contract_of
from shared.events.envelope import Envelope, TooLargeError, UnreadableEventError, require_fitting, seal, unseal
from tests.builders import a_meeting, sealed

PUBLISHED = MeetingPublished(meeting=a_meeting())


def changed(**changes: Any) -> bytes:
    """A good document in which something is not; None takes a member away."""
    document = {**json.loads(sealed(PUBLISHED)), **changes}
    return json.dumps({name: value for name, value in document.items() if value is not None}).encode()


def test_the_cloudevents_library_reads_what_we_write() -> None:
    event = JSONFormat().read(CloudEvent, sealed(PUBLISHED, version=3))

    assert event.get_type() == "nl.kring.meeting.published"
    assert event.get_source() == "urn:kring:catalog"
    assert event.get_subject() == PUBLISHED.meeting.id
    assert event.get_extension("aggregateversion") == 3
    data = event.get_data()
    assert isinstance(data, dict)
    assert contract_of(PUBLISHED).load(data) == PUBLISHED


def test_we_read_what_the_cloudevents_library_writes() -> None:
    attributes = {
        "id": "1",
        "source": "urn:kring:catalog",
        "type": "nl.kring.meeting.published",
        "subject": PUBLISHED.meeting.id,
        "time": datetime(2027, 6, 10, 12, tzinfo=UTC),
        "datacontenttype": "application/json",
        "correlationid": "story",
        "aggregateversion": 1,
        "epoch": 1,
    }
    body = JSONFormat().write(CloudEvent(attributes, contract_of(PUBLISHED).dump(PUBLISHED)))

    envelope = unseal(body)

    assert envelope.occurred_at == attributes["time"]
    assert (envelope.aggregate, envelope.aggregate_id) == ("meeting", PUBLISHED.meeting.id)
    assert contract_of(PUBLISHED).load(envelope.data) == PUBLISHED


text = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=40)


@given(
    envelope=st.builds(
        Envelope,
        id=text,
        publisher=st.sampled_from(["catalog", "registration"]),
        type=st.just("meeting.published"),
        aggregate=st.just("meeting"),
        aggregate_id=text,
        version=st.integers(1, 2**31 - 1),
        epoch=st.integers(1, 2**31 - 1),
        occurred_at=st.datetimes(timezones=st.just(UTC)),
        correlation_id=text,
        causation_id=st.none() | text,
        data=st.dictionaries(st.text(), st.text() | st.integers() | st.none() | st.booleans(), max_size=5),
    )
)
def test_what_was_sealed_comes_out_the_same(envelope: Envelope) -> None:
    try:
        body = seal(envelope)
    except UnicodeEncodeError:  # half a character; PostgreSQL would not have kept it either
        return
    assert unseal(body) == envelope


def test_a_newer_publisher_may_say_more() -> None:
    data = {**contract_of(PUBLISHED).dump(PUBLISHED), "weather": "fine"}

    envelope = unseal(changed(data=data, futureextension="yes", time="2027-06-10T14:00:00+02:00"))

    assert envelope.occurred_at == datetime(2027, 6, 10, 12, tzinfo=UTC)
    assert contract_of(PUBLISHED).load(envelope.data) == PUBLISHED


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe{\x00}\x00", "not JSON in UTF-8"),
        (b'{"id": NaN}', "not JSON"),
        (b"[" * 60_000, "nested too deeply"),
        (b"9" * 60_000, "not JSON"),
        (b"[]", "not a JSON object"),
        (b" " * 70_000, "octets"),
        (changed(specversion="0.3"), "specversion"),
        (changed(id=None), "id"),
        (changed(id=7), "id"),
        (changed(id="x" * 81), "id"),
        (changed(id="a\x00b"), "id"),
        (changed(subject="\ud800"), "subject"),
        (changed(type="com.example.other"), "type"),
        (changed(source="urn:kring:"), "source"),
        (changed(time="yesterday"), "time"),
        (changed(time="2027-06-10T12:00:00"), "time"),
        (changed(time="0001-01-01T00:00:00+23:00"), "time"),
        (changed(aggregateversion=True), "aggregateversion"),
        (changed(aggregateversion=0), "aggregateversion"),
        (changed(aggregateversion=2**31), "aggregateversion"),
        (changed(epoch="1"), "epoch"),
        (changed(dataschema="urn:kring:meeting.published:one"), "dataschema"),
        (changed(data=[1]), "data"),
        (changed(data=None), "data"),
    ],
)
def test_nonsense_ends_in_one_clear_error(body: bytes, why: str) -> None:
    with pytest.raises(UnreadableEventError, match=why) as raised:
        unseal(body)
    assert "\n" not in str(raised.value)


@given(
    st.binary(max_size=300) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(repr).map(str.encode)
)
def test_no_bytes_bring_any_other_error(body: bytes) -> None:
    with pytest.raises(UnreadableEventError):
        unseal(body)


def test_what_is_too_large_to_travel_is_refused_before_it_is_true() -> None:
    essay = MeetingPublished(meeting=a_meeting(description={"nl": "é" * 33_000}))

    with pytest.raises(TooLargeError, match=r"meeting\.published"):
        sealed(essay)
    with pytest.raises(TooLargeError):
        require_fitting("meeting.published", contract_of(essay).dump(essay))


def test_a_time_far_away_is_still_a_time() -> None:
    late = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    assert unseal(changed(time=late.isoformat())).occurred_at - late == timedelta()

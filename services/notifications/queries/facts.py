"""What others told, as it is kept in columns of JSON: read as frozen dataclasses, and written as such."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from marshmallow import Schema

from services.notifications.rules.desired import Holding
from services.notifications.rules.guests import Guest, Wish
from shared.events.catalog import Meeting
from shared.events.contract import schema_of
from shared.events.reading import read_facts
from shared.events.registration import Registration
from shared.events.sparring import Sparring

_SCHEMAS: Mapping[type[Any], Schema] = {
    each: schema_of(each)() for each in (Meeting, Registration, Holding, Guest, Wish, Sparring)
}


def read_meeting(facts: Mapping[str, Any]) -> Meeting:
    """A meeting from the column ``facts``."""
    return read_facts(Meeting, facts)


@lru_cache(maxsize=64)
def meeting_in(facts: str) -> Meeting:
    """A meeting from the text of that column.

    Everyone at it is told of the same facts, and reading them takes longer than a mail.
    """
    return read_meeting(json.loads(facts))


def read_registration(facts: Mapping[str, Any]) -> Registration:
    """A registration from the column ``facts``."""
    return read_facts(Registration, facts)


def read_holding(facts: Mapping[str, Any]) -> Holding:
    """What a calendar holds, from a column of that name."""
    return read_facts(Holding, facts)


def read_guest(facts: Mapping[str, Any]) -> Guest:
    """Somebody invited, from a column of that name."""
    return read_facts(Guest, facts)


def read_wish(facts: Mapping[str, Any]) -> Wish:
    """What somebody subscribed to."""
    return read_facts(Wish, facts)


def read_sparring(facts: Mapping[str, Any]) -> Sparring:
    """A talk for two, from the column ``facts``."""
    return read_facts(Sparring, facts)


def written(facts: Meeting | Registration | Holding | Guest | Wish | Sparring) -> dict[str, Any]:
    """A frozen dataclass as the value of a JSON column: the other half of ``read_…``."""
    values: dict[str, Any] = _SCHEMAS[type(facts)].dump(facts)
    return values

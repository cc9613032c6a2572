"""Say that someone signed up for several meetings of a series in one go, so that one mail can tell them all."""

from collections.abc import Sequence

from services.registration.queries.registrations import registered_at
from services.registration.rules.sign_ups import SignUp
from services.registration.rules.standing import is_registered
from shared.db.transaction import Transaction, new_id
from shared.events.registration import Person, SeriesJoined


def tell_series(tx: Transaction, series: str, asked: Sequence[tuple[str, SignUp]]) -> None:
    """Publish what this person is registered for of the meetings (by id) that were asked for, if more than one.

    A request that is repeated with its key is told under the same id.
    """
    wish = asked[0][1]
    found = registered_at(tx.session, wish.address_key, [meeting_id for meeting_id, _ in asked])
    rows = [row for row in found if is_registered(row.status)]
    if len(rows) > 1:
        tx.publish(
            SeriesJoined(
                id=wish.series_key or new_id(),
                series=series,
                person=Person(name=rows[0].name, email=rows[0].email, language=rows[0].language),
                registration_ids=tuple(row.id for row in rows),
            )
        )

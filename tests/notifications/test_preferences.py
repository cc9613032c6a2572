"""What an address wants, and what it never wants again."""

from typing import get_args

from services.notifications.actions.choose_preferences import choose_preferences
from services.notifications.queries.preferences import wants
from services.notifications.rules.preferences import Preferences, Topic
from tests.notifications.office import OURS, Office

SAM = "Sam@Gemeente.example"


def test_who_chose_nothing_hears_of_everything_but_the_digest(office: Office) -> None:
    with office.service.database.reading() as session:
        wanted = [topic for topic in get_args(Topic) if wants(session, OURS, SAM, topic)]
    assert wanted == ["reminders", "invitations", "network"]


def test_a_choice_holds_however_the_address_is_typed(any_office: Office) -> None:
    with any_office.service.database.begin() as tx:
        choose_preferences(tx, OURS.fingerprint(SAM), Preferences(reminders=True))
        choose_preferences(tx, OURS.fingerprint(SAM), Preferences(reminders=False, digest=True))
    with any_office.service.database.reading() as session:
        assert not wants(session, OURS, " sam@gemeente.example", "reminders")
        assert wants(session, OURS, SAM, "digest")

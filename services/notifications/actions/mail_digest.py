"""Send somebody the list of new meetings for their regions and role: due work, a row per person, every Tuesday."""

from collections.abc import Sequence
from dataclasses import replace

from services.notifications import tables
from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.queries import is_bounced
from services.notifications.queries.campaigns import role_names
from services.notifications.queries.digest import last_registration, unlisted_meetings, wish_of
from services.notifications.queries.preferences import preferences
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.digest import MOST_AT_ONCE, is_for, next_digest
from services.notifications.rules.guests import Wish, role_at
from services.notifications.rules.preferences import Preferences
from shared.db.due import plan, plan_first, plan_no_more
from shared.db.transaction import Transaction
from shared.events.catalog import Meeting

DIGEST = "mail-digest"


def plan_digest(tx: Transaction, fingerprint: str, chosen: Preferences) -> None:
    """Plan the next list for whoever wants it, and none for whoever does not."""
    if chosen.digest:
        plan_first(tx, DIGEST, fingerprint, next_digest(tx.now))
    else:
        plan_no_more(tx, DIGEST, fingerprint)


def mail_digest(tx: Transaction, ours: OurAddresses, fingerprint: str) -> None:
    """Due work: mail what is new since the last list, each meeting once, and plan the next; no news is no mail.

    Who signed up before gets links with which nothing has to be typed.
    """
    chosen = preferences(tx.session, fingerprint)
    if not chosen.digest:
        return
    plan(tx, DIGEST, fingerprint, next_digest(tx.now))
    wish = wish_of(tx.session, fingerprint)
    person = wish.guest.person if wish else None
    if wish is None or person is None or person.email is None or is_bounced(tx.session, person.email):
        return
    roles = role_names(tx.session, wish.guest.target_group)
    unlisted = unlisted_meetings(tx.session, fingerprint, person.email)
    new = [each for each in unlisted if is_for(each, _as_called_at(each, wish, roles), tx.now)]
    if not new:
        return
    ids = [each.id for each in new[:MOST_AT_ONCE]]
    rows = [{"fingerprint": fingerprint, "meeting_id": meeting_id, "listed_at": tx.now} for meeting_id in ids]
    tx.upsert(tables.listed_meeting, rows, changes=[])
    mail = Mail(
        key=f"digest/{fingerprint}/{tx.now:%Y-%m-%d}",
        kind="digest",
        recipient=person.email,
        recipient_name=person.name,
        language=chosen.language or person.language,
        registration_id=last_registration(tx.session, person.email),
        about={"meetings": ids},
        useful_until=next_digest(tx.now),
    )
    queue_mail(tx, ours, mail)


def _as_called_at(meeting: Meeting, wish: Wish, roles: Sequence[str]) -> Wish:
    """The wish with its role by the name that it has at ``meeting``."""
    return replace(wish, guest=replace(wish.guest, target_group=role_at(meeting, roles)))

"""Somebody wants to be invited to meetings for their region and role; it holds when they confirm it by mail."""

from sqlalchemy import delete, select, update

from services.notifications import tables
from services.notifications.actions.choose_preferences import choose_preferences
from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.queries.facts import written
from services.notifications.queries.preferences import preferences
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.guests import TIME_TO_CONFIRM, Wish
from services.notifications.rules.preferences import Preferences, Topic
from shared.db.due import plan, plan_no_more
from shared.db.transaction import Transaction

FORGET = "forget-subscription"

_KNOWN = tables.subscription


def ask_to_subscribe(tx: Transaction, ours: OurAddresses, wish: Wish) -> None:
    """Keep what was asked for and mail the address a link to confirm it; what held before goes on until then."""
    person = wish.guest.person
    fingerprint = ours.fingerprint(person.email or "")
    plan(tx, FORGET, fingerprint, tx.now + TIME_TO_CONFIRM)
    version = tx.session.scalar(select(_KNOWN.c.version).where(_KNOWN.c.fingerprint == fingerprint).with_for_update())
    row = {
        "fingerprint": fingerprint,
        "asked": written(wish),
        "asked_at": tx.now,
        "version": (version or 0) + 1,
    }
    tx.upsert(_KNOWN, [row])
    mail = Mail(
        key=f"subscription/{fingerprint}/{tx.now.timestamp():.0f}/{row['version']}",
        kind="subscription",
        recipient=person.email or "",
        recipient_name="",
        language=person.language,
        about={"subscription": row["version"]},
    )
    queue_mail(tx, ours, mail)


def confirm_subscription(tx: Transaction, fingerprint: str, version: int) -> bool:
    """Let what was asked for hold; False where something else was asked for since, or it was forgotten."""
    plan_no_more(tx, FORGET, fingerprint)
    this = (_KNOWN.c.fingerprint == fingerprint, _KNOWN.c.version == version)
    row = tx.session.execute(select(_KNOWN).where(*this).with_for_update()).one_or_none()
    if row is None:
        return False
    if row.asked is not None:
        tx.session.execute(update(_KNOWN).where(*this).values(wish=row.asked, asked=None))
        before = preferences(tx.session, fingerprint)
        if not before.invitations:
            choose_preferences(tx, fingerprint, before.but("invitations", wanted=True))
    return True


def unsubscribe(tx: Transaction, fingerprint: str, topic: Topic) -> None:
    """Send this address no more mail of one kind, whoever brings the address."""
    prefer(tx, fingerprint, preferences(tx.session, fingerprint).but(topic, wanted=False))


def prefer(tx: Transaction, fingerprint: str, chosen: Preferences) -> None:
    """Keep what an address chose; who wants neither invitations nor the digest is not subscribed any more."""
    choose_preferences(tx, fingerprint, chosen)
    if not chosen.invitations and not chosen.digest:
        tx.session.execute(delete(_KNOWN).where(_KNOWN.c.fingerprint == fingerprint))


def forget_unconfirmed(tx: Transaction, fingerprint: str) -> None:
    """Nobody confirmed it: what was asked for is erased. Due work."""
    this = _KNOWN.c.fingerprint == fingerprint
    tx.session.execute(delete(_KNOWN).where(this, _KNOWN.c.wish.is_(None)))
    tx.session.execute(update(_KNOWN).where(this).values(asked=None))

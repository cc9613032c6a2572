"""The only wiring of notifications: settings in, a service out."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from dns.resolver import Resolver
from flask import Flask
from sqlalchemy import inspect

from services.notifications import tables
from services.notifications.actions.answer_export import FORGET_EXPORT, forget_export
from services.notifications.actions.close_invitations import CLOSE, close_invitations
from services.notifications.actions.erase_brought import ERASE, erase_brought
from services.notifications.actions.erase_person import ERASE_PERSON, erase_person
from services.notifications.actions.follow_sparring import FORGET_SPARRING, forget_sparring
from services.notifications.actions.forget_request import FORGET_REQUEST, forget_request
from services.notifications.actions.invite_group import INVITE, invite_group
from services.notifications.actions.lift_sequences import lift_sequences
from services.notifications.actions.mail_digest import DIGEST, mail_digest
from services.notifications.actions.remind import REMIND, remind
from services.notifications.actions.restore_address import restore_address
from services.notifications.actions.retain import retaining_mail, terms
from services.notifications.actions.subscribe import FORGET, forget_unconfirmed
from services.notifications.actions.thank import THANK, thank
from services.notifications.api.campaigns import campaigns_api
from services.notifications.api.examples import EXAMPLES
from services.notifications.api.invitations import invitations_api
from services.notifications.api.messages import messages_api
from services.notifications.api.subscriptions import subscriptions_api
from services.notifications.feeds.calendar import PersonalFeeds
from services.notifications.forms.problem_types import PROBLEM_TYPES
from services.notifications.pages.answer import ANSWER_PURPOSE, answer_pages, invited_of
from services.notifications.pages.campaigns import campaign_pages
from services.notifications.pages.feeds import feed_pages
from services.notifications.pages.mailroom import mailroom_pages
from services.notifications.pages.mailroom_meeting import mailroom_meeting_pages
from services.notifications.pages.personal_feed import LINK_PURPOSE, person_of, personal_feed_pages
from services.notifications.pages.preferences import preference_pages
from services.notifications.pages.previews import preview_pages
from services.notifications.pages.privacy import WORDS, own_privacy_pages
from services.notifications.pages.received import received_pages
from services.notifications.pages.subscriptions import subscription_pages
from services.notifications.pages.under_way import under_way_pages
from services.notifications.pages.whose_answer import whose_answer_pages
from services.notifications.post.arrivals.closed import Closed
from services.notifications.post.arrivals.desk import Desk
from services.notifications.post.arrivals.folder import RepliesFolder
from services.notifications.post.arrivals.listener import Listener
from services.notifications.post.arrivals.mailbox import Mailbox
from services.notifications.post.compose import Composer
from services.notifications.post.doctor.examination import MailDoctor
from services.notifications.post.doctor.round_trip import RoundTrip
from services.notifications.post.doctor.servers import Reach, by_the_rule
from services.notifications.post.folder import Folder
from services.notifications.post.letters import Letters
from services.notifications.post.outlet import Outlet
from services.notifications.post.pace import Pace
from services.notifications.post.sample import preview
from services.notifications.post.sender import Sender
from services.notifications.post.shredder import Shredder
from services.notifications.post.signing import Signer
from services.notifications.post.smtp import Smtp
from services.notifications.post.urls import Urls
from services.notifications.queries.unsent import MailSource
from services.notifications.settings import Settings, read_settings
from services.notifications.subscriptions import handlers
from shared.bus.broker import Broker
from shared.bus.healing import Upkeep, plan_comparing
from shared.bus.inbox import Inbox
from shared.bus.outbox import Relay
from shared.db.due import Due, Work
from shared.db.engine import make_engine
from shared.db.ledger import Ledger
from shared.db.retention import RETAIN, plan_retention
from shared.db.transaction import Database
from shared.db.wake import Bell
from shared.defaults import with_defaults
from shared.doctor.findings import Finding
from shared.people.grants import keep_manager_key
from shared.people.links import Links
from shared.people.pseudonyms import Pseudonyms
from shared.service import Part, Service, Worker
from shared.times import utc_now
from shared.web.api import make_api
from shared.web.app import finish, make_flask
from shared.web.audit import audit_api, audit_pages
from shared.web.health import look_at
from shared.web.retention import retention_pages
from shared.web.unhandled import unhandled_pages

NAME = "notifications"
PREFIX = "/notifications"
MIGRATIONS = Path(__file__).parent / "migrations"
TRANSLATIONS = Path(__file__).parent / "translations"


def build(
    settings: Settings,
    *,
    bell: Bell | None = None,
    clock: Callable[[], datetime] = utc_now,
    after_delivery: Callable[[], None] = lambda: None,
) -> Service:
    """Notifications, wired. ``after_delivery`` is called between handing a mail over and marking it sent."""
    database = Database(make_engine(settings.common.database_url), tables.flow, bell=bell or Bell(), clock=clock)
    _keep_manager_key(database, settings.common.manager_key)
    broker = Broker(settings.common.broker_url, NAME)
    links = Links(settings.common.link_keys, clock=clock)
    ledger = Ledger(tables.erasure, Pseudonyms(settings.common.erasure_keys))
    composer = _composer(settings, links)
    upkeep = Upkeep(tables.COPIES, taken_up=lift_sequences)
    inbox = Inbox(database, broker, NAME, handlers(settings.addresses, ledger), ledger=ledger, upkeep=upkeep)
    due = {**_due_work(settings, ledger, _shredder(settings)), **inbox.healing.work}
    parts: list[Part] = [
        Relay(database, broker, NAME),
        inbox,
        Due(database, due, service_name=NAME),
        Sender(
            database,
            composer,
            _outlet(settings.mail_url),
            Pace(settings.common.limits, settings.common.secret_key),
            after_delivery=after_delivery,
        ),
        _arrivals(settings, Desk(database, settings.addresses, settings.authserv_id)),
    ]
    return Service(
        NAME, PREFIX, _web(settings, database, links, composer), database, Worker(parts), terms(settings.common.periods)
    )


def _composer(settings: Settings, links: Links) -> Composer:
    """Who writes our mails, and signs them where the settings name a key."""
    ours = settings.addresses
    return Composer(
        from_name=settings.mail_from,
        ours=ours,
        urls=Urls(settings.common.base_url, ours, links),
        letters=Letters(),
        signer=Signer(ours.domain, settings.dkim_selector, settings.dkim_key) if settings.dkim_key else None,
    )


def build_from_env(env: Mapping[str, str]) -> Service:
    """Notifications, wired as the environment says. Raises ``SettingError`` with one clear sentence."""
    return build(read_settings(with_defaults(env, NAME)))


def examine_from_env(
    env: Mapping[str, str], service: Service, *, resolver: Resolver | None = None, reach: Reach = by_the_rule
) -> Iterator[Finding]:
    """What the doctor asks about mail, of the ``service`` that was built from this environment.

    ``resolver`` asks the DNS, by default as this machine does; ``reach`` says where a mail server is called.
    """
    settings = read_settings(with_defaults(env, NAME))
    trip = RoundTrip(
        service.database,
        _composer(settings, Links(settings.common.link_keys, clock=service.database.clock)),
        _outlet(settings.mail_url),
        service.worker.part("replies"),
        settings.authserv_id,
    )
    doctor = MailDoctor(
        trip,
        takes_answers=settings.replies_url is not None,
        selector=settings.dkim_selector,
        key=settings.dkim_key,
        resolver=resolver or Resolver(),
        is_public=settings.common.is_public,
        reach=reach,
    )
    yield from doctor.examine()


def _web(settings: Settings, database: Database, links: Links, composer: Composer) -> Flask:
    app = make_flask(
        __name__,
        service=NAME,
        prefix=PREFIX,
        settings=settings.common,
        database=database,
        grants=tables.grants,
        limits=tables.limits,
        links=links,
        link_actors={LINK_PURPOSE: person_of, ANSWER_PURPOSE: invited_of},
        reference=tables.reference,
        translations=[TRANSLATIONS],
    )
    look_at(app, MailSource())
    app.register_blueprint(mailroom_pages(database))
    app.register_blueprint(under_way_pages(database))
    app.register_blueprint(mailroom_meeting_pages(database, settings.addresses))
    app.register_blueprint(received_pages(database))
    app.register_blueprint(preview_pages(partial(preview, settings.addresses, settings.mail_from)))
    app.register_blueprint(subscription_pages(database, settings.addresses, links))
    app.register_blueprint(preference_pages(database, links))
    app.register_blueprint(campaign_pages(database, settings.addresses, composer.sample))
    app.register_blueprint(feed_pages(PersonalFeeds(database)))
    app.register_blueprint(personal_feed_pages(database, links, settings.addresses, settings.common.base_url))
    app.register_blueprint(answer_pages(database, links, settings.addresses))
    app.register_blueprint(whose_answer_pages(database, links, settings.addresses))
    app.register_blueprint(own_privacy_pages(), url_prefix=PREFIX)
    app.register_blueprint(audit_pages(database, "/audit"), url_prefix=PREFIX)
    app.register_blueprint(
        retention_pages(database, "/audit/retention", terms(settings.common.periods), WORDS), url_prefix=PREFIX
    )
    app.register_blueprint(unhandled_pages(database, "/audit/messages"), url_prefix=PREFIX)
    api = make_api(app, title="Kring notifications", prefix=PREFIX, problems=PROBLEM_TYPES, examples=EXAMPLES)
    api.register_blueprint(invitations_api(database))
    api.register_blueprint(messages_api(database))
    api.register_blueprint(subscriptions_api(database, settings.addresses, links))
    api.register_blueprint(campaigns_api(database, settings.addresses))
    api.register_blueprint(audit_api(database, PREFIX))
    return finish(app)


def _due_work(settings: Settings, ledger: Ledger, shredder: Shredder) -> Mapping[str, Work]:
    """What is to be done when, by an installation with these settings."""
    ours = settings.addresses
    return {
        "restore_address": restore_address,
        RETAIN: retaining_mail(settings.common.periods, shredder.shred_old),
        REMIND: lambda tx, meeting_id: remind(tx, ours, meeting_id),
        DIGEST: lambda tx, fingerprint: mail_digest(tx, ours, fingerprint),
        THANK: lambda tx, meeting_id: thank(tx, ours, meeting_id),
        FORGET: forget_unconfirmed,
        INVITE: lambda tx, campaign_id: invite_group(tx, ours, campaign_id),
        CLOSE: lambda tx, meeting_id: close_invitations(tx, ours, meeting_id),
        ERASE: erase_brought,
        FORGET_REQUEST: forget_request,
        FORGET_SPARRING: forget_sparring,
        FORGET_EXPORT: forget_export,
        ERASE_PERSON: lambda tx, person: erase_person(tx, ledger, shredder.shred, person),
    }


def _keep_manager_key(database: Database, key: str | None) -> None:
    """Take over ``KRING_MANAGER_KEY``, unless the tables are still to be made."""
    if inspect(database.engine).has_table(tables.grants.name):
        with database.begin() as tx:
            keep_manager_key(tx, tables.grants, key)
            plan_retention(tx)
            plan_comparing(tx)


def _arrivals(settings: Settings, desk: Desk) -> Part:
    """Where ``REPLIES_URL`` says that mail comes in."""
    url = settings.replies_url or ""
    match url.partition(":")[0]:
        case "folder":
            return RepliesFolder(Path(url.partition(":")[2]), desk)
        case "smtp" | "lmtp":
            return Listener(url, desk)
        case "imap" | "imaps":
            return Mailbox(url, desk)
    return Closed()


def _shredder(settings: Settings) -> Shredder:
    """Where mail lies as files, if it does."""
    outlet, replies = _outlet(settings.mail_url), settings.replies_url or ""
    return Shredder(
        sent=outlet.root / "sent" if isinstance(outlet, Folder) else None,
        replies=Path(replies.removeprefix("folder:")) if replies.startswith("folder:") else None,
    )


def _outlet(mail_url: str) -> Outlet:
    """Where ``MAIL_URL`` says that mail goes."""
    scheme, _, rest = mail_url.partition(":")
    return Folder(Path(rest)) if scheme == "folder" else Smtp(mail_url)

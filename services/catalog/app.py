"""The only wiring of catalog: settings in, a service out."""

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from flask import Blueprint, Flask
from sqlalchemy import inspect

from services.catalog import tables
from services.catalog.actions.answer_export import FORGET_EXPORT, forget_export
from services.catalog.actions.consent_to_research import FORGET_CONTACT, withdraw_consent
from services.catalog.actions.hold_meeting import hold_meeting
from services.catalog.actions.judge_page import FORGET_WORDS, forget_words
from services.catalog.actions.judge_story import remove_story
from services.catalog.actions.keep_entries import keep_all_entries
from services.catalog.actions.keep_findable import keep_all_findable
from services.catalog.actions.keep_reference import keep_defaults
from services.catalog.actions.keep_upload import FORGET_UPLOAD, drop_upload
from services.catalog.actions.note_seats import show_seats
from services.catalog.actions.plan_publication import KIND as PUBLISH
from services.catalog.actions.publish_as_planned import publish_as_planned
from services.catalog.actions.retain import terms
from services.catalog.actions.tell_story import FORGET as FORGET_STORY
from services.catalog.api.chosen import chosen_api
from services.catalog.api.copies import copies_api
from services.catalog.api.examples import EXAMPLES
from services.catalog.api.experts import experts_api
from services.catalog.api.files import files_api
from services.catalog.api.history import history_api
from services.catalog.api.imports import imports_api
from services.catalog.api.knowledge import knowledge_api
from services.catalog.api.manifests import manifests_api
from services.catalog.api.meetings import meetings_api
from services.catalog.api.one_file import one_file_api
from services.catalog.api.reach import reach_api
from services.catalog.api.reference import event_documents, reference_api
from services.catalog.api.stories import stories_api
from services.catalog.feeds.calendar import Feeds
from services.catalog.feeds.newest import Newest
from services.catalog.forms.problem_types import PROBLEM_TYPES
from services.catalog.pages.feedback import feedback_pages
from services.catalog.pages.feeds import feed_pages
from services.catalog.pages.files import file_pages
from services.catalog.pages.finding import finding_pages
from services.catalog.pages.kept import KeptPages
from services.catalog.pages.knowledge import knowledge_pages
from services.catalog.pages.manifest import manifest_pages
from services.catalog.pages.meetings import meeting_pages
from services.catalog.pages.open_data import open_data_pages
from services.catalog.pages.organisations import organisation_pages
from services.catalog.pages.organise.copies import copy_pages
from services.catalog.pages.organise.drafts import draft_pages
from services.catalog.pages.organise.experts import organise_experts_pages
from services.catalog.pages.organise.feedback import organise_feedback_pages
from services.catalog.pages.organise.files import organise_file_pages
from services.catalog.pages.organise.history import history_pages
from services.catalog.pages.organise.imports import import_pages
from services.catalog.pages.organise.knowledge import organise_knowledge_pages
from services.catalog.pages.organise.links import organise_link_pages
from services.catalog.pages.organise.manifest import organise_manifest_pages
from services.catalog.pages.organise.meeting import organise_pages
from services.catalog.pages.organise.one_file import organise_one_file_pages
from services.catalog.pages.organise.overview import overview_pages
from services.catalog.pages.organise.reach import organise_reach_pages
from services.catalog.pages.organise.reference import reference_pages
from services.catalog.pages.organise.saving import SAVE_UPLOAD, save_part
from services.catalog.pages.organise.series import series_pages
from services.catalog.pages.organise.several import several_pages
from services.catalog.pages.organise.signatures import organise_signature_pages
from services.catalog.pages.organise.stories import organise_story_pages
from services.catalog.pages.organise.texts import organise_texts_pages
from services.catalog.pages.organise.venues import venue_pages
from services.catalog.pages.polling import Polls
from services.catalog.pages.privacy import WORDS, own_privacy_pages
from services.catalog.pages.reach import reach_pages
from services.catalog.pages.research import research_pages
from services.catalog.pages.robots import robots_pages
from services.catalog.pages.room import room_pages
from services.catalog.pages.start import start_pages
from services.catalog.pages.statements import statement_pages
from services.catalog.pages.stories import story_pages
from services.catalog.pages.subscribing import subscribing_pages
from services.catalog.rules.addresses import Addresses
from services.catalog.settings import Settings, read_settings
from services.catalog.subscriptions import handlers
from shared.bus.broker import Broker
from shared.bus.healing import Upkeep, plan_comparing
from shared.bus.inbox import Inbox
from shared.bus.outbox import Relay
from shared.db.due import Due, Work
from shared.db.engine import make_engine
from shared.db.ledger import Ledger
from shared.db.retention import RETAIN, plan_retention, retaining
from shared.db.transaction import Database
from shared.db.wake import Bell
from shared.defaults import with_defaults
from shared.people.grants import keep_manager_key
from shared.people.links import Links
from shared.people.pseudonyms import Pseudonyms
from shared.service import Service, Worker
from shared.settings import Common
from shared.times import utc_now
from shared.web.api import make_api
from shared.web.app import finish, make_flask, settings_of
from shared.web.audit import audit_api, audit_pages
from shared.web.fetching import Fetcher
from shared.web.health import counting
from shared.web.retention import retention_pages
from shared.web.unhandled import unhandled_pages

NAME = "catalog"
PREFIX = ""
MIGRATIONS = Path(__file__).parent / "migrations"
TRANSLATIONS = Path(__file__).parent / "translations"


def build(
    settings: Settings,
    *,
    bell: Bell | None = None,
    clock: Callable[[], datetime] = utc_now,
    fetcher: Fetcher | None = None,
) -> Service:
    """Catalog, wired. A database without tables is left as it is: ``migrate`` comes first.

    ``fetcher`` gets calendars from addresses that organisers give.
    """
    common = settings.common
    database = Database(make_engine(common.database_url), tables.flow, bell=bell or Bell(), clock=clock)
    addresses = Addresses(common.base_url, (common.secret_key,))
    if inspect(database.engine).has_table(tables.reference.name):
        _keep_what_was_written_down(database, addresses, common.manager_key)
    web = _web(settings, database, addresses, fetcher or Fetcher())
    return Service(NAME, PREFIX, web, database, _worker(common, database, addresses), terms(common.periods))


def build_from_env(env: Mapping[str, str]) -> Service:
    """Catalog, wired as the environment says. Raises ``shared.settings.SettingError`` with one clear sentence."""
    return build(read_settings(with_defaults(env, NAME)))


def open_database() -> tuple[Database, Addresses]:
    """What a command of an operator works on."""
    settings = read_settings(with_defaults(os.environ, NAME)).common
    service = build(Settings(settings))
    return service.database, Addresses(settings.base_url, (settings.secret_key,))


def kept_days() -> int:
    """How long who was at a meeting is kept, for a command of an operator."""
    return read_settings(with_defaults(os.environ, NAME)).common.periods.attendees


def _keep_what_was_written_down(database: Database, addresses: Addresses, manager_key: str | None) -> None:
    """At each start; without a difference it changes nothing."""
    with database.begin() as tx:
        keep_manager_key(tx, tables.grants, manager_key)
        plan_retention(tx)
        plan_comparing(tx)
        keep_defaults(tx, addresses)
        keep_all_findable(tx)
        keep_all_entries(tx, addresses)


def _web(settings: Settings, database: Database, addresses: Addresses, fetcher: Fetcher) -> Flask:
    app = make_flask(
        __name__,
        service=NAME,
        prefix=PREFIX,
        settings=settings.common,
        database=database,
        grants=tables.grants,
        limits=tables.limits,
        reference=tables.reference,
        translations=[TRANSLATIONS],
    )
    links = Links((settings.common.secret_key,), clock=database.clock)  # our own: ours open no registration
    api = make_api(app, title="Kring catalog", prefix=PREFIX, problems=PROBLEM_TYPES, examples=EXAMPLES)
    for doors in (
        meetings_api(database, addresses),
        copies_api(database, addresses),
        chosen_api(database, addresses),
        history_api(database),
        imports_api(database, addresses),
        reference_api(database, addresses),
        manifests_api(database),
        reach_api(database),
        knowledge_api(database, addresses),
        experts_api(database, addresses),
        stories_api(database),
        files_api(database, addresses),
        one_file_api(database, addresses),
        audit_api(database, PREFIX),
    ):
        api.register_blueprint(doors)
    app.register_blueprint(event_documents())
    app.register_blueprint(start_pages(database))
    _add_meetings(app, database, addresses)
    app.register_blueprint(subscribing_pages(database, addresses))
    app.register_blueprint(knowledge_pages(database))
    app.register_blueprint(organise_knowledge_pages(database))
    app.register_blueprint(organise_experts_pages(database))
    app.register_blueprint(organise_texts_pages(database))
    app.register_blueprint(organise_link_pages(database))
    app.register_blueprint(file_pages(database, addresses))
    app.register_blueprint(organise_file_pages(database, addresses))
    app.register_blueprint(organise_one_file_pages(database, addresses))
    app.register_blueprint(room_pages(database))
    app.register_blueprint(organise_pages(database, addresses))
    app.register_blueprint(overview_pages(database))
    app.register_blueprint(history_pages(database))
    app.register_blueprint(draft_pages(database, addresses))
    app.register_blueprint(copy_pages(database, addresses))
    app.register_blueprint(series_pages(database, addresses))
    app.register_blueprint(several_pages(database, addresses))
    app.register_blueprint(import_pages(database, addresses, fetcher))
    app.register_blueprint(organisation_pages(database, addresses))
    app.register_blueprint(venue_pages(database))
    app.register_blueprint(reference_pages(database, addresses))
    app.register_blueprint(manifest_pages(database))
    app.register_blueprint(reach_pages(database))
    app.register_blueprint(story_pages(database, addresses))
    app.register_blueprint(feedback_pages(database, links))
    app.register_blueprint(research_pages(database, links))
    app.register_blueprint(organise_feedback_pages(database, links, settings.common.base_url))
    app.register_blueprint(organise_story_pages(database, Pseudonyms(settings.common.erasure_keys)))
    app.register_blueprint(organise_reach_pages(database))
    app.register_blueprint(organise_manifest_pages(database))
    app.register_blueprint(organise_signature_pages(database))
    app.register_blueprint(_statements(settings, database, addresses))
    app.register_blueprint(own_privacy_pages(database))
    app.register_blueprint(audit_pages(database, "/organise/audit"))
    app.register_blueprint(
        retention_pages(database, "/organise/audit/retention", terms(settings.common.periods), WORDS)
    )
    app.register_blueprint(unhandled_pages(database, "/organise/audit/messages"))
    app.register_blueprint(robots_pages(addresses, database))
    app.register_blueprint(open_data_pages(database, addresses, settings.open_data_licence))
    return finish(app)


def _statements(settings: Settings, database: Database, addresses: Addresses) -> Blueprint:
    common = settings.common
    security = settings.security_contact or f"mailto:{common.contact_email}"
    return statement_pages(database, addresses, (common.contact_name, common.contact_email), security)


def _add_meetings(app: Flask, database: Database, addresses: Addresses) -> None:
    """What everyone sees of meetings, kept in memory while it holds: pages, and feeds with what answers their polls."""
    newest = Newest(database)
    kept = KeptPages(newest, database.clock)
    app.register_blueprint(finding_pages(database, addresses, kept))
    app.register_blueprint(meeting_pages(database, addresses, kept))
    feeds = Feeds(database, addresses, newest, settings_of(app).site_name)
    polls = Polls(feeds)
    app.register_blueprint(feed_pages(feeds, polls, database))
    app.wsgi_app = polls.in_front_of(app.wsgi_app, counting(app))  # type: ignore[assignment, method-assign]  # Flask's documented way to wrap it


def _worker(settings: Common, database: Database, addresses: Addresses) -> Worker:
    broker = Broker(settings.broker_url, NAME)
    work: dict[str, Work] = {
        "hold": partial(hold_meeting, addresses=addresses),
        PUBLISH: partial(publish_as_planned, addresses=addresses),
        "show-seats": show_seats,
        FORGET_STORY: remove_story,
        FORGET_UPLOAD: drop_upload,
        SAVE_UPLOAD: partial(save_part, addresses=addresses, kept_days=settings.periods.attendees),
        FORGET_WORDS: forget_words,
        FORGET_CONTACT: withdraw_consent,
        RETAIN: retaining(terms(settings.periods)),
        FORGET_EXPORT: forget_export,
    }
    ledger = Ledger(tables.erasure, Pseudonyms(settings.erasure_keys))
    inbox = Inbox(database, broker, NAME, handlers(ledger), ledger=ledger, upkeep=Upkeep(tables.COPIES))
    return Worker(
        [Relay(database, broker, NAME), inbox, Due(database, {**work, **inbox.healing.work}, service_name=NAME)]
    )

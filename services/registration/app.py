"""The only wiring of registration: settings in, a service out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from prometheus_client import Histogram
from sqlalchemy import inspect

from services.registration.actions.ask_erasure import ERASE, erase_at_last
from services.registration.actions.due import DUE_WORK
from services.registration.actions.retain import terms
from services.registration.api.attendance import attendance_api
from services.registration.api.attendees import attendees_api
from services.registration.api.desk_registrations import desk_registrations_api
from services.registration.api.examples import EXAMPLES
from services.registration.api.issuer_logout import issuer_logout_api
from services.registration.api.mine import mine_api
from services.registration.api.my_data import my_data_api
from services.registration.api.my_exports import my_exports_api
from services.registration.api.organisers_acts import organisers_acts_api
from services.registration.api.organisers_messages import organisers_messages_api
from services.registration.api.registrations import registrations_api
from services.registration.api.seats import seats_api
from services.registration.api.series import series_api
from services.registration.api.transfers import transfers_api
from services.registration.forms.kept import Kept
from services.registration.forms.refusals import PROBLEM_TYPES
from services.registration.gate import LARGEST_BATCH, SeatGate, SeatLock
from services.registration.issuers.provider import Provider
from services.registration.pages.attendance import attendance_pages
from services.registration.pages.attendees import attendees_pages
from services.registration.pages.by_hand import by_hand_pages
from services.registration.pages.certificate import certificate_pages
from services.registration.pages.check_in import check_in_pages
from services.registration.pages.desk import desk_pages
from services.registration.pages.desk_acts import desk_acts_pages
from services.registration.pages.desk_messages import desk_messages_pages
from services.registration.pages.desk_questions import desk_questions_pages
from services.registration.pages.desk_registrations import desk_registrations_pages
from services.registration.pages.helpers import helpers_pages
from services.registration.pages.issuer_sign_in import issuer_sign_in_pages
from services.registration.pages.let_in import let_in_pages
from services.registration.pages.link_actors import LINK_ACTORS
from services.registration.pages.list_delivery import list_delivery_pages
from services.registration.pages.mine import mine_pages
from services.registration.pages.mine_again import mine_again_pages
from services.registration.pages.mine_answers import mine_answers_pages
from services.registration.pages.mine_changes import mine_changes_pages
from services.registration.pages.mine_meetings import mine_meetings_pages
from services.registration.pages.mine_question import mine_question_pages
from services.registration.pages.mine_story import mine_story_pages
from services.registration.pages.my_consents import my_consents_pages
from services.registration.pages.my_data import my_data_pages
from services.registration.pages.my_data_erasing import my_data_erasing_pages
from services.registration.pages.my_data_export import my_data_export_pages
from services.registration.pages.my_data_link import my_data_link_pages
from services.registration.pages.network import network_pages
from services.registration.pages.network_blocks import network_blocks_pages
from services.registration.pages.network_people import network_people_pages
from services.registration.pages.network_profile import network_profile_pages
from services.registration.pages.network_reports import network_reports_pages
from services.registration.pages.organisers import organisers_pages
from services.registration.pages.person_sessions import person_sessions_pages
from services.registration.pages.person_sign_in import person_sign_in_pages
from services.registration.pages.plan import plan_pages
from services.registration.pages.privacy import WORDS, own_privacy_pages
from services.registration.pages.roles import roles_pages
from services.registration.pages.series import series_pages
from services.registration.pages.sign_in import sign_in_pages
from services.registration.pages.sign_ins import sign_ins_pages
from services.registration.pages.sign_out import sign_out_pages
from services.registration.pages.sign_up import sign_up_pages
from services.registration.pages.sparring import sparring_pages
from services.registration.pages.sparring_one import sparring_one_pages
from services.registration.pages.transfers import transfer_pages
from services.registration.pages.workplace import workplace_pages
from services.registration.queries.called import ids_called
from services.registration.queries.figures import SeatSource
from services.registration.queries.persons import signed_in_person
from services.registration.settings import Settings, read_settings
from services.registration.subscriptions import handlers
from services.registration.tables import COPIES, erasure, flow, grants, limits, reference
from shared.bus.broker import Broker
from shared.bus.healing import Upkeep, plan_comparing
from shared.bus.inbox import Inbox
from shared.bus.outbox import Relay
from shared.db.due import Due, Work
from shared.db.engine import make_engine
from shared.db.ledger import Ledger
from shared.db.retention import RETAIN, Term, plan_retention, retaining
from shared.db.transaction import Database
from shared.db.wake import Bell
from shared.defaults import with_defaults
from shared.people.grants import keep_manager_key
from shared.people.links import Links
from shared.people.pseudonyms import Pseudonyms
from shared.service import Part, Service, Worker
from shared.times import utc_now
from shared.web.api import make_api
from shared.web.app import finish, make_flask
from shared.web.audit import audit_api, audit_pages
from shared.web.fetching import Fetcher
from shared.web.health import look_at, registry_of
from shared.web.retention import retention_pages
from shared.web.unhandled import unhandled_pages

NAME, PREFIX = "registration", "/registration"
MIGRATIONS = Path(__file__).parent / "migrations"

_ISSUERS_ARE_ASKED = Fetcher(allows=lambda _address, _port: True, seconds=5)
"""An operator named them, so they may be anywhere; whoever signs in waits."""


def build(
    settings: Settings,
    *,
    bell: Bell | None = None,
    clock: Callable[[], datetime] = utc_now,
    lock: SeatLock | None = None,
) -> Service:
    """Wire the service. ``lock`` says how a meeting is held while its seats are given out. Migrates nothing."""
    lock = lock or SeatLock()
    common = settings.common
    database = Database(make_engine(common.database_url), flow, bell=bell or Bell(), clock=clock, begins=lock.begins)
    ledger = Ledger(erasure, Pseudonyms(common.erasure_keys))
    broker, kept = Broker(common.broker_url, NAME), Kept(database)
    told = handlers(kept.forget, ledger, common.periods)
    inbox = Inbox(database, broker, NAME, told, ledger=ledger, upkeep=Upkeep(COPIES))
    due = {**_due_work(ledger, terms(common.periods)), **inbox.healing.work}
    parts: list[Part] = [Relay(database, broker, NAME), inbox, Due(database, due, service_name=NAME)]
    _keep_manager_key(database, common.manager_key)
    app = _application(settings, database, lock, kept, ledger)
    return Service(NAME, PREFIX, app, database, Worker(parts), terms(common.periods))


def _due_work(ledger: Ledger, terms_here: Sequence[Term]) -> Mapping[str, Work]:
    return {
        **DUE_WORK,
        RETAIN: retaining(terms_here),
        ERASE: lambda tx, person: erase_at_last(tx, ledger, person),
    }


def settings_from_env(env: Mapping[str, str]) -> Settings:
    """The settings in ``env``, with what it leaves open chosen for one machine. Raises ``SettingError``."""
    return read_settings(with_defaults(env, NAME))


def open_database(settings: Settings) -> Database:
    """What a command of an operator works on; it starts nothing, so it leaves ``KRING_MANAGER_KEY`` alone."""
    return Database(make_engine(settings.common.database_url), flow, bell=Bell())


def build_from_env(env: Mapping[str, str]) -> Service:
    """The service for the settings in ``env``. Raises ``SettingError``."""
    return build(settings_from_env(env))


def _application(settings: Settings, database: Database, lock: SeatLock, kept: Kept, ledger: Ledger) -> Any:
    links = Links(settings.common.link_keys, clock=database.clock)
    pseudonyms = Pseudonyms(settings.common.erasure_keys)
    providers = {each.number: Provider(each, _ISSUERS_ARE_ASKED, database.clock) for each in settings.issuers}
    app = make_flask(
        __name__,
        service=NAME,
        prefix=PREFIX,
        settings=settings.common,
        database=database,
        grants=grants,
        limits=limits,
        links=links,
        link_actors=LINK_ACTORS,
        person_actor=signed_in_person,
        reference=reference,
        translations=[Path(__file__).parent / "translations"],
    )
    look_at(app, SeatSource())
    gate = SeatGate(database, lock, served=_batches(app).observe)
    api = make_api(app, title="Kring registration", prefix=PREFIX, problems=PROBLEM_TYPES, examples=EXAMPLES)
    for doors in (
        registrations_api(database, gate, kept, PREFIX),
        series_api(database, gate, PREFIX),
        organisers_acts_api(database, PREFIX),
        desk_registrations_api(database, PREFIX),
        organisers_messages_api(database, PREFIX),
        seats_api(database, PREFIX),
        attendees_api(database, PREFIX),
        mine_api(database, PREFIX),
        transfers_api(database, PREFIX),
        attendance_api(database, PREFIX),
        audit_api(database, PREFIX, ids_called),
        issuer_logout_api(database, providers, PREFIX),
        my_data_api(database, ledger, PREFIX),
        my_exports_api(database, ledger, PREFIX),
    ):
        api.register_blueprint(doors)
    for pages in (
        sign_up_pages(database, gate),
        workplace_pages(database),
        series_pages(database, gate),
        mine_pages(database, links),
        mine_answers_pages(database),
        mine_changes_pages(database),
        mine_again_pages(database, gate),
        mine_meetings_pages(database, gate),
        mine_story_pages(database),
        mine_question_pages(database),
        desk_questions_pages(database),
        transfer_pages(database, links),
        desk_pages(database),
        desk_registrations_pages(database),
        desk_acts_pages(database),
        by_hand_pages(database),
        plan_pages(database),
        desk_messages_pages(database),
        check_in_pages(database),
        attendance_pages(database),
        certificate_pages(database),
        let_in_pages(database),
        helpers_pages(database),
        attendees_pages(database),
        list_delivery_pages(database, links),
        sign_in_pages(database, links, providers, mails_links=settings.mails_links),
        issuer_sign_in_pages(database, providers),
        sign_out_pages(database, providers),
        sign_ins_pages(database),
        person_sign_in_pages(database, links),
        person_sessions_pages(database),
        network_pages(database),
        network_profile_pages(database, pseudonyms),
        network_people_pages(database),
        network_blocks_pages(database),
        network_reports_pages(database),
        sparring_pages(database),
        sparring_one_pages(database, links),
        organisers_pages(database),
        roles_pages(database, providers, mails_links=settings.mails_links),
        own_privacy_pages(),
        audit_pages(database, "/audit", ids_called),
        unhandled_pages(database, "/audit/messages"),
        retention_pages(database, "/audit/retention", terms(settings.common.periods), WORDS),
        my_data_link_pages(database, ledger, links),
        my_data_pages(database, ledger),
        my_data_export_pages(database, ledger),
        my_data_erasing_pages(database, ledger),
        my_consents_pages(database),
    ):
        app.register_blueprint(pages, url_prefix=PREFIX)
    return finish(app)


def _batches(app: Flask) -> Histogram:
    """How many sign-ups shared a transaction."""
    sizes = (1, 2, 5, 10, 20, 50, 100, LARGEST_BATCH)
    about = "Sign-ups that shared a transaction in the seat gate"
    return Histogram("kring_gate_batch_sign_ups", about, buckets=sizes, registry=registry_of(app))


def _keep_manager_key(database: Database, key: str | None) -> None:
    """Take over ``KRING_MANAGER_KEY``; before the first migration there is nothing to keep it in."""
    if inspect(database.engine).has_table(grants.name):
        with database.begin() as tx:
            keep_manager_key(tx, grants, key)
            plan_retention(tx)
            plan_comparing(tx)

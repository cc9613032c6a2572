"""A tiny service with pages and an API, on a real SQLite file: what the three services build on, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, abort, render_template_string, request
from flask.testing import FlaskClient
from flask.views import MethodView
from marshmallow import Schema, fields, validate
from sqlalchemy.exc import OperationalError

from shared.db.base import flow_tables, grant_table, limit_table, new_metadata
from shared.db.engine import make_engine
from shared.db.transaction import Database
from shared.db.wake import Bell
from shared.events.registration import AccessChanged
from shared.i18n import gettext as _
from shared.people.grants import keep_grant, new_secret, secret_hash
from shared.people.links import Link, Links
from shared.people.roles import Actor, Thing
from shared.settings import Common
from shared.web.access import permit, verb
from shared.web.api import Api, Blueprint, PageQuery, etag, make_api, page_of, paged, require_match
from shared.web.app import finish, make_flask
from shared.web.forms import Form, filled, read_form
from shared.web.limits import allow_post
from shared.web.problems import Problem
from shared.web.reading import read_body, read_query

PREFIX = "/registration"
LINK_KEYS = ("first-link-key-of-this-demo-service-0123456789",)
TINY = bytes(range(97, 123)).decode()

FORM = """{% extends "frame/layout.html" %}{% from "frame/macros.html" import csrf, error_summary, field, button %}
{% block title %}{{ _("Accessibility") }}{% endblock %}
{% block main %}{{ error_summary(form) }}<form method="post">{{ csrf() }}
{{ field(form, "seatPlan.capacity", "Seats", type="number") }}{{ field(form, "name", "Name") }}{{ button("Send") }}
</form>{% endblock %}"""


class SeatPlan(Schema):
    capacity = fields.Integer(required=True, validate=validate.Range(min=1, max=500))


class Thingy(Schema):
    name = fields.String(required=True, validate=validate.Length(min=1, max=20))
    seatPlan = fields.Nested(SeatPlan, required=True)  # noqa: N815  # as in JSON
    kind = fields.String(load_default="a", validate=validate.OneOf(["a", "b"]))


@dataclass
class Demo:
    app: Flask
    database: Database
    grants: Any
    links: Links

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def key(self, role: Any, **reach: Any) -> dict[str, str]:
        """The header of a fresh key with ``role``."""
        secret = new_secret()
        with self.database.begin() as tx:
            keep_grant(
                tx,
                self.grants,
                AccessChanged(
                    id=secret[:20], kind="key", secret_hash=secret_hash(secret), role=role, person_id="p", **reach
                ),
            )
        return {"Authorization": f"Bearer {secret}"}


def demo_service(folder: Path, *, more: Callable[[Flask, Api], None] | None = None, **settings: Any) -> Demo:
    metadata = new_metadata()
    flow, grants, limits = flow_tables(metadata), grant_table(metadata), limit_table(metadata)
    url = str(settings.get("database_url", f"sqlite:///{folder / 'demo.db'}"))
    engine = make_engine(url)
    metadata.create_all(engine)
    database = Database(engine, flow, bell=Bell())
    links = Links(LINK_KEYS)
    common = Common(
        **{
            "base_url": "https://kring.test",
            "secret_key": "a-throw-away-key-for-tests-only-42",
            "link_keys": LINK_KEYS,
            "database_url": url,
            "broker_url": "memory://",
            **settings,
        }
    )

    def person(_session: object, link: Link) -> Actor | None:
        return Actor("person", registration_id=link.subject) if link.version == 0 else None

    app = make_flask(
        __name__,
        service="demo",
        prefix=PREFIX,
        settings=common,
        database=database,
        grants=grants,
        limits=limits,
        links=links,
        link_actors={"mine": person},
    )
    api = make_api(app, title="Demo", prefix=PREFIX)
    _pages(app)
    api.register_blueprint(_api(database))
    if more:
        more(app, api)
    return Demo(finish(app), database, grants, links)


def _pages(app: Flask) -> None:
    @app.get(f"{PREFIX}/form")
    @verb("page.read")
    def form() -> str:
        return render_template_string(FORM, form=filled({"seatPlan": {"capacity": 10}}))

    @app.post(f"{PREFIX}/form")
    @verb("registration.create")
    def send() -> Any:
        form: Form = read_form(Thingy())
        if not form.ok:
            return render_template_string(FORM, form=form), 400
        return f"ok {form.loaded}"

    @app.get(f"{PREFIX}/mine/<token>")
    @verb("page.read")
    def mine(token: str) -> str:
        return token[:3]

    @app.get(f"{PREFIX}/desk")
    @verb("desk.read")
    def desk() -> str:
        return "desk"

    @app.get(f"{PREFIX}/feed.ics")
    @verb("feed.read")
    def feed() -> str:
        return _("Meetings")

    @app.get(f"{PREFIX}/teapot/<int:code>")
    @verb("page.read")
    def teapot(code: int) -> str:
        abort(code)

    @app.get(f"{PREFIX}/crash")
    @verb("page.read")
    def crash() -> str:
        raise RuntimeError("alice@gov.nl was here")

    @app.get(f"{PREFIX}/locked")
    @verb("page.read")
    def locked() -> str:
        raise OperationalError("INSERT …", {}, Exception("database is locked"))


def _api(database: Database) -> Blueprint:
    api = Blueprint("things", __name__, url_prefix=f"{PREFIX}/v1")

    @api.route("/things")
    class Things(MethodView):
        @verb("meeting.read")
        @api.arguments(PageQuery, location="query")
        @api.response(200, Thingy(many=True))
        def get(self, query: dict[str, Any]) -> Any:
            """List things."""
            page = page_of(query)
            rows = [{"name": f"thing {number}", "seatPlan": {"capacity": 1}} for number in range(1, 8)]
            found, headers = paged(rows[page.offset : page.offset + page.size + 1], page)
            return found, headers

        @verb("meeting.draft")
        @api.accepts(Thingy)
        @api.response(201, Thingy)
        def post(self) -> Any:
            """Make a thing."""
            return read_body(Thingy())

    @api.route("/things/<thing_id>")
    class OneThing(MethodView):
        @verb("meeting.change")
        @api.accepts(Thingy, content_type="application/merge-patch+json")
        @api.response(200, Thingy)
        def patch(self, thing_id: str) -> Any:
            """Change a thing."""
            if thing_id != "one":
                raise Problem(404, "thing-unknown")
            permit("meeting.change", Thing(regions=("PV28",)))
            require_match(3)
            stored = {"name": "one", "seatPlan": {"capacity": 5}, "kind": "b"}
            return read_body(Thingy(), changing=stored), etag(4)

        @verb("meeting.read")
        @api.response(200, Thingy)
        def get(self, thing_id: str) -> Any:
            """Read a thing."""
            return {"name": thing_id, "seatPlan": {"capacity": 5}}, etag(3)

    @api.route("/posts", methods=["POST"])
    @verb("registration.create")
    @api.response(202)
    def post() -> Any:
        """Count."""
        allow_post("sign-up", address=request.args["address"], meeting_id="m")
        with database.begin():
            return {"counted": True}

    @api.route("/registrations/<registration_id>")
    @verb("registration.read")
    @api.response(200)
    def registration(registration_id: str) -> Any:
        """Read mine."""
        read_query(Schema())
        permit("registration.read", Thing(registration_id=registration_id, regions=("PV28",)))
        return {"id": registration_id}

    return api

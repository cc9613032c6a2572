"""Wanting to be invited, and stopping it with one click."""

from typing import Any

from flask import Response, redirect, url_for
from flask.views import MethodView

from services.notifications.actions.subscribe import ask_to_subscribe, unsubscribe
from services.notifications.forms.subscriptions import SubscriptionForm, wish_in
from services.notifications.queries.campaigns import codes_of
from services.notifications.rules.addresses import OurAddresses, address_key
from services.notifications.rules.preferences import Topic
from shared.db.transaction import Database
from shared.i18n import N_
from shared.people.links import BadLink, Links
from shared.web.access import verb
from shared.web.api import Blueprint
from shared.web.limits import allow_post
from shared.web.problems import Problem
from shared.web.reading import read_body

_TOPICS: tuple[Topic, ...] = ("invitations", "digest", "network")


def subscriptions_api(database: Database, ours: OurAddresses, links: Links) -> Blueprint:
    """``/notifications/v1/subscriptions`` and the address that ``List-Unsubscribe`` names."""
    api = Blueprint("subscribing", __name__, url_prefix="/notifications/v1", description=N_("Being invited"))

    @api.route("/subscriptions")
    class Subscriptions(MethodView):
        @verb("subscription.ask")
        @api.accepts(SubscriptionForm)
        @api.refuses("too-many-requests")
        @api.response(202)
        def post(self) -> None:
            """Ask to be invited for your role and regions. It holds when it is confirmed by the mailed link."""
            with database.reading() as session:
                form = SubscriptionForm(codes_of(session, "target-group"), codes_of(session, "region"))
            wish = wish_in(read_body(form))
            allow_post("subscription", address=address_key(wish.guest.person.email or ""))
            with database.begin() as tx:
                ask_to_subscribe(tx, ours, wish)

    @api.route("/unsubscribe/<token>")
    class Unsubscribe(MethodView):
        @verb("preferences.use")
        @api.response(303, headers={"Location": {}})
        def get(self, token: str) -> Any:
            """Show the preferences of the address; following a link changes nothing."""
            _topic, fingerprint = named(token)
            return redirect(url_for("preferences.show", token=links.sign("preferences", fingerprint)), 303)

        @verb("preferences.use")
        @api.response(200)
        def post(self, token: str) -> Response:
            """End mails of this kind to the address: what a mail program does for its user (RFC 8058)."""
            topic, fingerprint = named(token)
            with database.begin() as tx:
                unsubscribe(tx, fingerprint, topic)
            return Response(status=200)

    def named(token: str) -> tuple[Topic, str]:
        """What a token ends, and for whom. Raises ``Problem`` 404 for one that is not ours."""
        try:
            said, _, fingerprint = links.read(token, "unsubscribe").subject.partition("/")
        except BadLink as error:
            raise Problem(404) from error
        return next(topic for topic in _TOPICS if topic == said), fingerprint

    return api

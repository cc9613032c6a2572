"""What is being sent to many at this moment, and how far it is: to be left alone, and found again."""

from flask import Blueprint, Response, render_template

from services.notifications.forms.campaigns import CAMPAIGN_STATUSES
from services.notifications.queries.mails import mail_server_away
from services.notifications.queries.under_way import under_way
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.i18n import in_words
from shared.people.placeholders import filled_in
from shared.people.roles import bounds_of
from shared.web.access import current_actor, verb
from shared.web.policy import SCRIPTED


def under_way_pages(database: Database) -> Blueprint:
    """``/notifications/mailroom/under-way``."""
    pages = Blueprint("under_way", __name__, url_prefix="/notifications/mailroom/under-way")
    for words in (in_words, as_read):
        pages.add_app_template_global(words)

    @pages.get("")
    @verb("mailroom.read")
    def being_sent() -> Response:
        reach = bounds_of(current_actor())

        with database.reading() as session:
            meetings, away = under_way(session, reach), mail_server_away(session)
        page = render_template(
            "notifications/under_way.html", meetings=meetings, away=away, campaign_statuses=CAMPAIGN_STATUSES
        )
        return Response(page, headers=SCRIPTED)

    return pages


def as_read(subject: str, title: str) -> str:
    """The subject of a message as its readers have it; ``title`` is the meeting's. Of many, nobody is named."""
    return filled_in(subject, name=_("[name]"), meeting=title)

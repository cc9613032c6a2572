"""Every mail there is, filled in with an example: so that organisers know what people read."""

from collections.abc import Callable

from flask import Blueprint, Response, render_template

from services.notifications.forms import KINDS
from services.notifications.rules.showing import Preview
from shared.i18n import Language, current_translator
from shared.web.access import verb
from shared.web.problems import Problem


def preview_pages(preview: Callable[[str, Language], Preview]) -> Blueprint:
    """``/notifications/previews``, one mail there, and the same as a file for one's own mail program (``.eml``).

    ``preview`` writes a kind of mail in a language.
    """
    pages = Blueprint("previews", __name__, url_prefix="/notifications/previews")

    def written(kind: str) -> Preview:
        if kind not in KINDS:
            raise Problem(404)
        return preview(kind, current_translator().language)

    @pages.get("")
    @verb("mailroom.read")
    def all_kinds() -> str:
        return render_template("notifications/previews.html", kinds=KINDS)

    @pages.get("/<kind>")
    @verb("mailroom.read")
    def one_kind(kind: str) -> str:
        return render_template("notifications/preview.html", kind=kind, mail=written(kind), kinds=KINDS)

    @pages.get("/<kind>.eml")
    @verb("mailroom.read")
    def file(kind: str) -> Response:
        name = {"Content-Disposition": f'attachment; filename="{kind}.eml"'}
        return Response(written(kind).source, mimetype="message/rfc822", headers=name)

    return pages

"""Templates and static files: the service's own first, those of the frame behind them."""

import re
from collections.abc import Mapping
from functools import partial
from gzip import compress
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from flask import Flask, Response, request, url_for
from jinja2 import BytecodeCache, ChoiceLoader, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from shared.i18n import LANGUAGES, Language, Text, current_translator, in_words
from shared.i18n.moments import clock_text, day_text, deadline_text, hours_text, moment_text, span_text
from shared.people.roles import may
from shared.settings import Common
from shared.themes import Theme
from shared.web.access import current_actor, verb

if TYPE_CHECKING:
    from types import CodeType

_JUDGING = "/feedback"
_PART = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_FRAME = Path(__file__).parent
_YEAR_SECONDS = 365 * 24 * 60 * 60


class CompiledTemplates(BytecodeCache):
    """Templates are compiled once in a process: where all three services run in it, they share one frame."""

    def __init__(self) -> None:
        self.code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what the same text of the same file became."""
        bucket.code = self.code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self.code[bucket.key, bucket.checksum] = bucket.code


_COMPILED = CompiledTemplates()


def add_templates(app: Flask, settings: Common) -> None:
    """What templates know: texts in the reader's language, days and times, addresses of static files, who asks."""
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(Path(app.root_path) / "templates"), FileSystemLoader(_FRAME / "templates")]
    )
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.undefined = StrictUndefined
    environment.bytecode_cache = _COMPILED
    environment.add_extension("jinja2.ext.i18n")
    cast("Any", environment).install_gettext_callables(
        gettext=lambda message: current_translator().gettext(message),
        ngettext=lambda one, many, count: current_translator().ngettext(one, many, count),
        newstyle=True,
    )
    environment.filters.update(
        told=told,
        spoken=_spoken,
        day=lambda day: day_text(day, current_translator().language),
        clock=lambda moment, **zone: clock_text(moment, current_translator().language, **zone),
        moment=lambda moment, **zone: moment_text(moment, current_translator().language, **zone),
        brief=lambda moment, **zone: deadline_text(moment, current_translator().language, **zone),
    )
    environment.globals.update(
        span=lambda starts_at, ends_at, **zone: span_text(starts_at, ends_at, current_translator().language, **zone),
        hours=lambda starts_at, ends_at, **zone: hours_text(starts_at, ends_at, current_translator().language, **zone),
        languages=LANGUAGES,
        in_language=_in_language,
        asset=_asset(app),
        examples=settings.examples,
        site_name=settings.site_name,
        contact_name=settings.contact_name,
        contact_email=settings.contact_email,
        kept=settings.periods.in_words,
    )
    app.context_processor(_of_the_request)


def _of_the_request() -> dict[str, Any]:
    """What every page knows: ``may`` tells whether who asks may do a verb, to a thing if one is given.

    ``updated_on`` is the day on which what a page shows was last changed, where its view says so.
    """
    return {
        "language": current_translator().language,
        "actor": current_actor(),
        "may": partial(may, current_actor()),
        "judged_page": _judged_page(),
        "updated_on": None,
    }


def _judged_page() -> str | None:
    """What visitors are asked to judge: this page's path, and where that holds an id or a token only its pattern.

    None where there is no page, and for the page on which it is judged.
    """
    if request.url_rule is None or request.path.startswith(_JUDGING):
        return None
    is_named = set(request.view_args or ()) <= {"slug"}
    return request.path if is_named else _PART.sub(r"{\1}", request.url_rule.rule)


def told(text: object) -> Markup:
    """A text in several languages, or what was taken from one; said to be in its own where that is not the reader's.

    Whatever else is shown stays as it is.
    """
    said = in_words(text) if isinstance(text, Mapping) else text
    if isinstance(said, Text) and said.language != current_translator().language:
        return Markup('<span lang="{}">{}</span>').format(said.language, str(said))
    return escape(said)


def _spoken(text: object) -> Markup:
    """The attribute that says so, for an element that may hold no other."""
    if isinstance(text, Text) and text.language != current_translator().language:
        return Markup(' lang="{}"').format(text.language)
    return Markup()


def _in_language(language: Language) -> str:
    """This page's address in the other language."""
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"{request.path}?{urlencode([*query, ('lang', language)])}"


def add_static_files(app: Flask, prefix: str, theme: Theme) -> None:
    """Static files of the service, then those of the frame, under one address; the theme's are among them.

    ``look.css`` is one stylesheet for the whole look: the components of the NL Design System if they were brought
    (``deploy.look``), what is ours, and the theme, which has the last word.
    """
    sheets = [_FRAME / "static" / name for name in ("vendor/components.css", "base.css")]
    look = "".join(sheet.read_text("utf-8") for sheet in sheets if sheet.is_file()) + theme.tokens
    app.extensions["kring_static"] = {"look.css": look.encode(), "logo.svg": theme.logo}
    zipped = {"look.css": compress(look.encode(), mtime=0)}

    @app.get(f"{prefix}/static/<path:name>", endpoint="static")
    @verb("page.read")
    def _static(name: str) -> Response:
        content = _static_file(app, name)
        if content is None:
            raise NotFound
        response = Response(content, mimetype=guess_type(name)[0])
        if name in zipped:
            response.vary.add("Accept-Encoding")
            if request.accept_encodings["gzip"] > 0:
                response.data = zipped[name]
                response.content_encoding = "gzip"
        response.add_etag()
        if "v" in request.args:
            response.headers["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}, immutable"
        return response


def _static_file(app: Flask, name: str) -> bytes | None:
    made: dict[str, bytes] = app.extensions["kring_static"]
    if name in made:
        return made[name]
    places = (safe_join(str(folder / "static"), name) for folder in (Path(app.root_path), _FRAME))
    return next((Path(place).read_bytes() for place in places if place and Path(place).is_file()), None)


def _asset(app: Flask) -> Any:
    """``asset('look.css')``: a static file's address with a mark of its content, so that it may be kept for long."""
    marks: dict[str, str] = {}

    def address(name: str) -> str:
        if name not in marks:
            content = _static_file(app, name)
            marks[name] = sha256(content).hexdigest()[:12] if content else "none"
        return url_for("static", name=name, v=marks[name])

    return address

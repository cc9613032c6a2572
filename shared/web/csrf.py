"""A form must come from our own page (its origin) and from this visitor (a token bound to their session)."""

from flask import Flask, request
from flask_wtf.csrf import CSRFProtect

from shared.i18n import gettext as _
from shared.web.problems import Problem


def protect_forms(app: Flask, api_prefix: str) -> None:
    """Check each form that is posted to ``app`` outside its API, which never acts by cookie."""
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,  # done below: after access, for pages only
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: nobody loses a form for having lunch
        WTF_CSRF_SSL_STRICT=False,  # the origin is checked below
    )
    csrf = CSRFProtect(app)

    @app.before_request
    def _check() -> None:
        if request.method not in {"GET", "HEAD", "OPTIONS"} and not request.path.startswith(api_prefix):
            if not _from_our_page():
                raise Problem(403, "foreign-origin", None, _("This form was sent from another site."))
            csrf.protect()


def _from_our_page() -> bool:
    """By ``Sec-Fetch-Site``, which only a browser can set; without it by ``Origin``, else by ``Referer``.

    A page with ``no-referrer`` posts with ``Origin: null``; then only the first can tell.
    """
    if "Sec-Fetch-Site" in request.headers:
        return request.headers["Sec-Fetch-Site"] == "same-origin"
    claimed = request.headers.get("Origin", request.headers.get("Referer"))
    return claimed is None or f"{claimed}/".startswith(request.host_url)

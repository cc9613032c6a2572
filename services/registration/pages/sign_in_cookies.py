"""The cookies of who is signed in: an organiser's for the whole site, a participant's for registration's pages."""

from dataclasses import dataclass
from datetime import timedelta

from flask import redirect, request, session
from werkzeug.wrappers import Response

from services.registration.actions import person_sign_in, sign_in
from shared.web.access import PERSON_COOKIE, SIGN_IN_COOKIE


@dataclass(frozen=True)
class SignInCookie:
    """A cookie's name, the path of the site that gets it, and how long a session lasts that it holds the secret of."""

    name: str
    path: str
    lasts: timedelta


ORGANISER = SignInCookie(SIGN_IN_COOKIE, "/", sign_in.SESSION_LASTS)
PERSON = SignInCookie(PERSON_COOKIE, "/registration", person_sign_in.SESSION_LASTS)


def signed_in(cookie: SignInCookie, secret: str, to: str) -> Response:
    """On to the page ``to`` of this site, with the cookie that says who this is."""
    session.clear()  # what the browser had before signing in counts no more, nor does a token planted in it
    response = redirect(to, 303)
    response.set_cookie(
        cookie.name,
        secret,
        max_age=int(cookie.lasts.total_seconds()),
        path=cookie.path,
        httponly=True,
        secure=request.is_secure,
        samesite="Lax",
    )
    return response


def signed_out(cookie: SignInCookie, response: Response) -> Response:
    """``response`` to who has signed out: the browser keeps nothing of them."""
    session.clear()
    response.delete_cookie(cookie.name, path=cookie.path)
    return response

"""One talk for two, for either of them: signed in, or by the link in the mail about it.

The token in the path is exchanged for a cookie that only this talk's page receives; opening changes nothing.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, get_args

from flask import Blueprint, Response, redirect, render_template, url_for
from sqlalchemy.orm import Session

from services.registration.actions.answer_spar import answer_spar
from services.registration.forms.network import words_known
from services.registration.forms.sparring import ChoiceForm, ProposalForm, why_not
from services.registration.queries.sparring import Pair, is_kept_away, pair_by, talk_of
from services.registration.rules.sparring import NotNow, Step, Talk, accept, decline, end, other, propose
from shared.db.transaction import Database
from shared.events.sparring import Side
from shared.i18n import N_, current_translator
from shared.i18n.moments import moment_text
from shared.people.links import Link, Links
from shared.people.roles import Actor, Thing, may
from shared.times import utc_text
from shared.web.access import PERSON_SIGN_IN_PAGE, current_actor, to_own_page, verb
from shared.web.forms import Form, filled, read_form
from shared.web.mailed_links import MailedLink
from shared.web.problems import Problem

LINK_PURPOSE = "sparring"
"""What the link in a mail about a talk is signed for; its subject is the talk and which of the two it is for."""

_LINK = MailedLink(LINK_PURPOSE, N_("Use the link in the newest mail about this talk, or sign in to the network."))
_SIDES: tuple[Side, ...] = get_args(Side)
_VERB = "sparring.answer"


def partner_of(session: Session, link: Link) -> Actor | None:
    """Which of the two such a link stands for; None where it was revoked, or the talk is forgotten."""
    sparring_id, _slash, side = link.subject.partition("/")
    pair = pair_by(session, sparring_id)
    if pair is None or pair.row.link_version != link.version or side not in _SIDES or pair.who(side) is None:
        return None
    return Actor(role="person", id="participant", sparring=link.subject)


def sparring_one_pages(database: Database, links: Links) -> Blueprint:
    """``/sparring/{token}`` and ``/sparring/t/{id}``."""
    pages = Blueprint("sparring_one", __name__)

    @pages.get("/sparring/<token>")
    @verb("page.read")
    def open_link(token: str) -> Response:
        link = _LINK.read(links, token)
        with database.reading() as session:
            if partner_of(session, link) is None:
                raise _LINK.dead()
        return to_own_page(token, url_for("sparring_one.one", sparring_id=link.subject.partition("/")[0]))

    @pages.get("/sparring/t/<sparring_id>")
    @verb(_VERB, sign_in=PERSON_SIGN_IN_PAGE)
    def one(sparring_id: str) -> str:
        with database.reading() as session:
            pair, _side = own_talk(session, sparring_id)
            return _page(session, sparring_id, filled({"place": pair.row.place}), database.clock())

    @pages.post("/sparring/t/<sparring_id>/choice")
    @verb(_VERB, sign_in=PERSON_SIGN_IN_PAGE)
    def choose(sparring_id: str) -> Any:
        return _at_moment(database, sparring_id, "time", read_form(ChoiceForm()), accept)

    @pages.post("/sparring/t/<sparring_id>/proposal")
    @verb(_VERB, sign_in=PERSON_SIGN_IN_PAGE)
    def propose_other(sparring_id: str) -> Any:
        return _at_moment(database, sparring_id, "moment", read_form(ProposalForm()), propose)

    @pages.post("/sparring/t/<sparring_id>/refusal")
    @verb(_VERB, sign_in=PERSON_SIGN_IN_PAGE)
    def refuse(sparring_id: str) -> Any:
        return _done(database, sparring_id, "", filled({}), lambda talk, side: decline(talk, side, database.clock()))

    @pages.post("/sparring/t/<sparring_id>/end")
    @verb(_VERB, sign_in=PERSON_SIGN_IN_PAGE)
    def stop(sparring_id: str) -> Any:
        return _done(database, sparring_id, "", filled({}), lambda talk, side: end(talk, side, database.clock()))

    return pages


def _at_moment(
    database: Database,
    sparring_id: str,
    field: str,
    form: Form,
    act: Callable[[Talk, Side, datetime, datetime], Step | NotNow],
) -> Any:
    """Do it at the moment that was chosen or typed."""
    said = form.loaded
    if said is None:
        with database.reading() as session:
            return _page(session, sparring_id, form, database.clock()), 400
    now = database.clock()
    return _done(database, sparring_id, field, form, lambda talk, side: act(talk, side, said[field], now))


def _done(
    database: Database, sparring_id: str, field: str, form: Form, act: Callable[[Talk, Side], Step | NotNow]
) -> Any:
    """Do it and show what came of it; what cannot be stands beside the field."""
    with database.reading() as session:
        _pair, side = own_talk(session, sparring_id)
    place = (form.loaded or {}).get("place") or None
    with database.begin() as tx:
        refused = answer_spar(tx, sparring_id, lambda talk: act(talk, side), place)
    if refused:
        form.refuse(field, why_not(refused))
        with database.reading() as session:
            return _page(session, sparring_id, form, database.clock()), 409
    return redirect(url_for("sparring_one.one", sparring_id=sparring_id), 303)


def _page(session: Session, sparring_id: str, form: Form, now: datetime) -> str:
    pair, side = own_talk(session, sparring_id)
    talk = talk_of(pair.row)
    if side == "asked" and is_kept_away(session, pair):
        pair, talk = Pair(pair.row, None, None), Talk(status="ended")
    times = [at for at in talk.times if at > now]
    return render_template(
        "registration/sparring_one.html",
        row=pair.row,
        talk=talk,
        side=side,
        they=pair.who(other(side)),
        words=words_known(session),
        times=times,
        times_in_words=[(utc_text(at), moment_text(at, current_translator().language)) for at in times],
        is_ahead=talk.is_ahead(now),
        stands=talk.stands(now),
        form=form,
    )


def own_talk(session: Session, sparring_id: str) -> tuple[Pair, Side]:
    """The talk, and which of the two asks. Raises ``Problem`` 404 for who is neither, alike where there is none."""
    pair = pair_by(session, sparring_id)
    for side in _SIDES:
        mine = pair.who(side) if pair else None
        its = [Thing(sparring=f"{sparring_id}/{side}"), *([Thing(person_key=mine.address_key)] if mine else [])]
        if pair and any(may(current_actor(), _VERB, thing) for thing in its):
            return pair, side
    raise Problem(404)

"""Finding each other: the directory, one person in it, and whose offer fits my question.

All of it shows only profiles that were opened to who looks, and counts how many of them they were shown today.
"""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.forms.network import DirectoryQuery, Words, words_known
from services.registration.pages.looks import count_looks
from services.registration.pages.network import members_pages, own_profile
from services.registration.queries.directory import A_PAGE, Wanted, directory, with_an_offer
from services.registration.queries.network import meetings_of, meetings_together, visible_profile
from services.registration.rules.suggestions import Suggestion, suggest
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.i18n import in_words
from shared.web.access import PERSON_SIGN_IN_PAGE, verb
from shared.web.forms import Form, read_question
from shared.web.problems import Problem

_MOST_SUGGESTED = 10


def network_people_pages(database: Database) -> Blueprint:
    """``/network/people`` and ``/network/suggestions``."""
    pages = members_pages("network_people")

    @pages.get("/network/people")
    @verb("network.use", sign_in=PERSON_SIGN_IN_PAGE)
    def people() -> Any:
        with database.reading() as session:
            viewer = own_profile(session)
            words = words_known(session)
            meetings = {row.slug: row for row in meetings_of(session, viewer.address_key)}
            titles = {slug: in_words(row.title) for slug, row in meetings.items()}
            form = read_question(DirectoryQuery(words, titles))
            rows, count = _found(session, viewer, form, meetings)
        count_looks(viewer.address_key, len(rows))
        number = form.loaded["page"] if form.loaded else 1
        shown = render_template(
            "registration/network_people.html",
            form=form,
            words=words,
            meetings=titles,
            rows=rows,
            count=count,
            previous={**request.args, "page": number - 1} if number > 1 else None,
            more={**request.args, "page": number + 1} if count > number * A_PAGE else None,
        )
        return shown, 400 if form.errors else 200

    @pages.get("/network/people/<profile_id>")
    @verb("network.use", sign_in=PERSON_SIGN_IN_PAGE)
    def person(profile_id: str) -> Any:
        with database.reading() as session:
            viewer = own_profile(session)
            other = visible_or_404(session, viewer, profile_id)
            words = words_known(session)
            together = [in_words(row.title) for row in meetings_together(session, viewer, other)]
        count_looks(viewer.address_key, 1)
        return render_template("registration/network_person.html", other=other, words=words, together=together)

    @pages.get("/network/suggestions")
    @verb("network.use", sign_in=PERSON_SIGN_IN_PAGE)
    def suggestions() -> Any:
        with database.reading() as session:
            viewer = own_profile(session)
            found = suggest(viewer, with_an_offer(session, viewer), _MOST_SUGGESTED)
            words = words_known(session)
        count_looks(viewer.address_key, len(found))
        return render_template(
            "registration/network_suggestions.html",
            viewer=viewer,
            found=[(each.profile, _reasons(each, words)) for each in found],
            words=words,
        )

    return pages


def _reasons(found: Suggestion, words: Words) -> list[str]:
    """Why somebody is suggested, in words."""
    themes = [words.themes[theme] for theme in found.themes if theme in words.themes]
    return [
        *([_("the offer says %(words)s", words=", ".join(found.words))] if found.words else []),
        *([_("you share the theme %(themes)s", themes=", ".join(themes))] if themes else []),
        *([_("you are of the same region")] if found.same_region else []),
        *([_("you have the same role")] if found.same_role else []),
    ]


def visible_or_404(session: Session, viewer: Row[Any], profile_id: str) -> Row[Any]:
    """A profile that was opened to ``viewer``. Raises ``Problem`` 404, alike where there is none."""
    other = visible_profile(session, viewer, profile_id)
    if other is None:
        raise Problem(404)
    return other


def _found(
    session: Session, viewer: Row[Any], form: Form, meetings: dict[str, Row[Any]]
) -> tuple[Sequence[Row[Any]], int]:
    """Those who were asked for; nobody where the question is not right."""
    asked = form.loaded
    if asked is None:
        return [], 0
    wanted = Wanted(
        words=asked["q"],
        offer=asked["help"],
        target_group=asked["target_group"],
        region=asked["region"],
        theme=asked["theme"],
        meeting_id=meetings[asked["meeting"]].id if asked["meeting"] else "",
    )
    return directory(session, viewer, wanted, asked["page"])

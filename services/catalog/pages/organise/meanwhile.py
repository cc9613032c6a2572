"""Two organisers change the same meeting: what the other changed is shown, and nothing that was typed is lost."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session

from services.catalog.forms.edit import beside, form_from, form_of, is_typed, touched
from services.catalog.forms.rows import over
from services.catalog.pages.organise.history import Difference, by_whom, in_words
from services.catalog.pages.organise.words import words_in
from services.catalog.queries.history import lines_since, organisers_called
from services.catalog.rules.document import document_of
from services.catalog.rules.history import combined, undone
from services.catalog.rules.meeting import Meeting
from shared.i18n import N_
from shared.i18n import gettext as _
from shared.web.forms import Form

SOMEONE_ELSE = N_(
    "Someone else changed this meeting in the meantime. What you typed is still here: save again to let it count."
)

_A_VERSION = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Meanwhile:
    """What others did since a form was opened, and the form to go on with.

    In it stands what was typed; what was left alone stands as it is now.
    """

    form: Form
    differences: Sequence[Difference]
    people: Sequence[str]


def is_stale(meeting: Meeting) -> bool:
    """Whether the form that was sent was filled in over an older version of ``meeting``."""
    return request.form.get("version") != str(meeting.version)


def meanwhile(session: Session, meeting: Meeting, form: Form) -> Meanwhile:
    """What was done to ``meeting`` since the version over which ``form`` was filled in."""
    seen, now = request.form.get("version", ""), form_of(meeting)
    if not _A_VERSION.fullmatch(seen):
        return Meanwhile(_refused(over(now, form), {}), (), ())
    lines = lines_since(session, meeting.id, int(seen))
    changes = combined(lines)
    words = words_in(session, meeting.time_zone)
    before = form_from(undone(document_of(meeting), changes))
    names = organisers_called(session, {line.by for line in lines})
    people = list(dict.fromkeys(by_whom(line.by, names) for line in lines))
    theirs = {
        change.name: words.value(change.name, change.after)
        for change in changes
        if is_typed(change.name, form, before) and is_typed(change.name, form, now)
    }
    return Meanwhile(_refused(over(now, touched(form, before)), theirs), in_words(words, changes), people)


def _refused(form: Form, theirs: Mapping[str, str]) -> Form:
    """The form with the reason why it was not saved, and beside what both changed what the other made ``theirs``."""
    form.refuse("", _(SOMEONE_ELSE))
    for name, value in theirs.items():
        said = value or _("nothing")
        form.refuse(
            beside(name), _("Someone else made this: %(value)s. What you typed counts if you save.", value=said)
        )
    return form

"""What catalog erases when its time is over: beside what every service keeps, all of it was planned when it came."""

from collections.abc import Sequence
from typing import Final

from services.catalog.actions.consent_to_research import FORGET_CONTACT
from services.catalog.actions.judge_page import FORGET_WORDS
from services.catalog.actions.keep_upload import FORGET_UPLOAD
from services.catalog.actions.tell_story import FORGET as FORGET_STORY
from services.catalog.tables import flow
from shared.db.retention import Planned, Term, terms_of_all
from shared.periods import Periods


def terms(periods: Periods) -> Sequence[Term]:
    """What is erased when, for what the installation sets."""
    return terms_of_all(flow, periods)


PLANNED: Final[Sequence[Planned]] = (
    Planned(columns=("opinion.words",), kind=FORGET_WORDS),
    Planned(columns=("research_contact.email",), kind=FORGET_CONTACT),
    Planned(columns=("upload.name", "upload.content"), kind=FORGET_UPLOAD),
    Planned(
        columns=("story.title", "story.text", "story.organisation", "story.name", "story.email", "story.teller"),
        kind=FORGET_STORY,
    ),
)
"""What other due work erases."""

"""Hours before the start as people say them: when they are reminded, and when a list of them goes out."""

from collections.abc import Mapping, Sequence

from shared.i18n import N_
from shared.i18n import gettext as _

REMINDERS: Mapping[str, str] = {
    "168": N_("a week before"),
    "72": N_("three days before"),
    "24": N_("a day before"),
    "2": N_("two hours before"),
    "0": N_("no reminder at all"),
}
"""What stands on the page; a program may name any other number."""

LIST_MOMENTS: Mapping[str, str] = {
    "168": N_("a week before"),
    "24": N_("a day before"),
    "2": N_("two hours before"),
    "-24": N_("a day after the start"),
}
"""The same for attendee lists."""


def moment_options(usual: Mapping[str, str], chosen: Sequence[str]) -> list[tuple[str, str]]:
    """The usual moments and the others that were chosen, with words for each."""
    others = [hours for hours in chosen if hours and hours not in usual]
    return [
        *((hours, _(words)) for hours, words in usual.items()),
        *((hours, _("%(hours)s hours before", hours=hours)) for hours in others),
    ]

"""How long what is known of people is kept: an installation sets some of these periods, the others are its own for all.

The data map says them in words (``personal(…, keep=…)``). Where an installation sets one its name stands in them
(``%(needs)s after the meeting``), so what is erased and what the page about privacy says cannot drift apart.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from shared.i18n import gettext, ngettext

LONGEST_DAYS: Final = 3650
"""The most that can be set; of a meeting too."""

LONGEST_MONTHS: Final = 120

_FIXED: Final[Mapping[str, timedelta]] = MappingProxyType(
    {
        "one day": timedelta(days=1),
        "90 days; the newest as long as what it tells of": timedelta(days=90),
        "12 months": timedelta(days=365),
        "12 months after the decision": timedelta(days=365),
        "two years after what was done last": timedelta(days=730),
        "two years, or until a programme manager shows the profile again": timedelta(days=730),
        "two years; longer while the other takes part in the network": timedelta(days=730),
    }
)
_SET: Final = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, kw_only=True)
class Periods:
    """What an installation sets: days, and ``research`` in months.

    ``attendees`` are kept so long after a meeting that says nothing else, ``leftovers`` are those of them who had no
    seat, ``needs`` is what they need to take part; ``mail`` is the log of mail, ``research`` the consent to be asked.
    """

    attendees: int = 60
    leftovers: int = 7
    needs: int = 7
    mail: int = 30
    research: int = 12

    def of(self, keep: str) -> timedelta:
        """How long the words of the data map are. Raises ``KeyError`` for words that are no period."""
        named = _SET.search(keep)
        return timedelta(days=getattr(self, named[1])) if named else _FIXED[keep]

    def said(self, keep: str) -> str:
        """The words of the data map as people read them, in their language."""
        return gettext(keep, **self.in_words())

    def in_words(self) -> dict[str, str]:
        """Each period by its name, as people read it: ``60 days``."""
        days = {name: getattr(self, name) for name in ("attendees", "leftovers", "needs", "mail")}
        return {
            **{name: ngettext("%(num)s day", "%(num)s days", count) for name, count in days.items()},
            "research": ngettext("%(num)s month", "%(num)s months", self.research),
        }

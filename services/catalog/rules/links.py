"""Whether an address elsewhere still leads to what it led to."""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from shared.i18n import N_

FAULTS: Final = MappingProxyType(
    {
        "gone": N_("It is no longer there."),
        "refused": N_("The other site refuses programs: look for yourself."),
        "failing": N_("The other site has a fault of its own."),
    }
)
"""What the answer of another site may say to be wrong with a link, by its code; why there was none, fetching says."""

_GONE: Final = {404, 410}
_GOOD: Final = range(200, 300)
_ITS_FAULT: Final = 500


@dataclass(frozen=True)
class CheckedLink:
    """What an address answered when it was looked at last: its ``status`` (0: nothing) and, unless good, a ``fault``.

    ``good_at`` is when it was last found to be good.
    """

    url: str
    checked_at: datetime
    status: int
    fault: str
    good_at: datetime | None


def fault_of(status: int) -> str:
    """What a status of HTTP, after all redirects, says to be wrong; empty for a good one."""
    if status in _GOOD:
        return ""
    if status in _GONE:
        return "gone"
    return "failing" if status >= _ITS_FAULT else "refused"

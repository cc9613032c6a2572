"""How many people of a kind took part may be said in public, without a small group standing out.

Nobody may read from our pages that, say, one elected official came. The rule:

1. A number below five is not shown, nor whether it is nought.
2. Every person is counted in one public number only: that of their target group in the year of the meeting. There are
   no totals over them and no second division of the same people, by region or organisation, so nothing can be found by
   taking one number from another.
3. What is shown is a range of five (5 to 9, 10 to 14): a number that grows between two visits, when one more meeting is
   counted, does not tell how many came to that one.

That an organisation took part is public: it is said of organisations, never per target group.
"""

from typing import Final

LEAST: Final = 5
"""The smallest number that is shown, and how wide a range is."""


def public_range(count: int) -> tuple[int, int] | None:
    """The range in which ``count`` may be known: ``(5, 9)`` for 7; None where it is too small to be shown."""
    lowest = count - count % LEAST
    return (lowest, lowest + LEAST - 1) if lowest else None

"""What people typed, made safe for mails, pages and calendars at the place where it enters.

icalendar and most readers let control characters through, and some readers take U+0085, U+2028 and U+2029
for the end of a line; so such text is refused before it is stored. So is what turns the direction of all that follows:
with it a name shows another one, also in the list beside it.
"""

import re

_BLANKS = " \t\r\n\u00a0\u2002\u2003\u2009\u202f\u3000"
_UNCLEAN = (
    re.compile(  # all of Unicode's controls, of which U+0085 is one; line ends; overrides of direction; surrogates
        "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e\ud800-\udfff]"
    )
)


class UncleanTextError(ValueError):
    """The text holds a character that no form may let in; the message names it."""


def clean_line(text: str) -> str:
    """Take what was typed in a field of one line; give it without the blanks around it.

    Raises UncleanTextError for a control character (a tab and a line break too), a lone surrogate, U+2028, U+2029,
    U+202D and U+202E.
    """
    line = text.strip(_BLANKS)
    refuse_unclean(line)
    return line


def clean_text(text: str) -> str:
    """Take what was typed in a field of several lines; give it without the blanks around it, lines ended by LF.

    A tab may stay. Raises UncleanTextError for any other control character, a lone surrogate, U+2028, U+2029, U+202D
    and U+202E.
    """
    lines = text.replace("\r\n", "\n").strip(_BLANKS)
    refuse_unclean(lines.replace("\n", "").replace("\t", ""))
    return lines


def refuse_unclean(text: str) -> None:
    """Raise UncleanTextError for the first character of the text that no single line may hold."""
    if found := _UNCLEAN.search(text):
        name = f"U+{ord(found[0]):04X}"
        raise UncleanTextError(f"The character {name} at position {found.start() + 1} cannot be used in text.")

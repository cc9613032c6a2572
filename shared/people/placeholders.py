"""The few words in braces that an organiser may write into a message. Anything else in braces is just text."""

import re

_PLACEHOLDER = re.compile(r"\{(naam|name|bijeenkomst|meeting)\}", re.IGNORECASE)


def filled_in(text: str, *, name: str, meeting: str) -> str:
    """``text`` with ``{naam}`` or ``{name}`` and ``{bijeenkomst}`` or ``{meeting}`` replaced, once each way.

    What comes in their place is not looked at again, so nobody's name can ask for something.
    """
    values = {"naam": name, "name": name, "bijeenkomst": meeting, "meeting": meeting}
    return _PLACEHOLDER.sub(lambda found: values[found[1].lower()], text)

"""What a mail server says of who sent a mail: the header Authentication-Results (RFC 8601)."""

import re
from collections.abc import Iterator

_EQUALS = re.compile(r"\s*=\s*")
_MEANT = re.compile(r"[;=\s]")
_QUOTED_SIGN = "\x00"  # stands for a sign in a quoted string that would mean something outside


def vouched_domain(header: str, authserv_id: str) -> str | None:
    """The domain in From that passed DMARC, in lower case; None where ``authserv_id`` did not write that.

    Parts of it repeat what the sender chose, in comments and quoted strings: what stands there is no verdict. Several
    verdicts must agree.
    """
    server, *results = "".join(_outside_comments(header)).split(";")
    if not server.split() or server.split()[0].lower() != authserv_id.lower():
        return None
    verdicts = [_EQUALS.sub("=", result).split() for result in results]
    domains = {_domain_in(words) for words in verdicts if words and _method_of(words[0]) == "dmarc"}
    return domains.pop() if len(domains) == 1 else None


def _method_of(word: str) -> str:
    """``dmarc`` of ``dmarc=pass`` and of ``dmarc/1=pass``."""
    return word.partition("=")[0].partition("/")[0].lower()


def _domain_in(words: list[str]) -> str | None:
    if words[0].partition("=")[2].lower() != "pass":
        return None
    named = [word.partition("=")[2].lower() for word in words[1:] if word.lower().startswith("header.from=")]
    return named[0] if len(named) == 1 else None


def _outside_comments(header: str) -> Iterator[str]:
    """The signs of ``header`` without its comments, which nest; what is quoted says nothing but itself.

    What is never closed, of either, hides the rest.
    """
    depth, is_quoted, is_escaped = 0, False, False
    for sign in header:
        if is_escaped:
            is_escaped = False
        elif sign == "\\" and (depth or is_quoted):
            is_escaped = True
            continue
        elif sign == '"' and not depth:
            is_quoted = not is_quoted
            continue
        elif not is_quoted and sign in "()":
            depth = max(0, depth + (1 if sign == "(" else -1))
            yield " "
            continue
        if not depth:
            yield _QUOTED_SIGN if is_quoted and _MEANT.match(sign) else sign

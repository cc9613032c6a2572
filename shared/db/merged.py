"""Words that became another: who has the old one has the new one too, and the other way round."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Table, select
from sqlalchemy.orm import Session


def became(session: Session, reference: Table, kind: str) -> dict[str, str]:
    """What each code of one kind became that became another; ``reference`` is the service's table of words."""
    merged = select(reference.c.code, reference.c.merged_into)
    rows = session.execute(merged.where(reference.c.kind == kind, reference.c.merged_into.is_not(None)))
    return {row[0]: row[1] for row in rows}


def kin(codes: Iterable[str], became: Mapping[str, str]) -> tuple[str, ...]:
    """What ``codes`` are now, and after that all that became the same; ``became`` says of a code what it became."""
    wanted = now(codes, became)
    return (*wanted, *(code for code in became if _last(code, became) in wanted))


def now(codes: Iterable[str], became: Mapping[str, str]) -> tuple[str, ...]:
    """What ``codes`` are now, each once."""
    return tuple(dict.fromkeys(_last(code, became) for code in codes))


def _last(code: str, became: Mapping[str, str]) -> str:
    seen = {code}
    while (other := became.get(code)) and other not in seen:
        code = other
        seen.add(code)
    return code

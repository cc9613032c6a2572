"""Who may do what, as a table to read: docs/roles.md."""

from shared.people.roles import OWN_DATA, SCOPES, SIGNED_IN, VERBS, Actor, Thing, is_public, may

_ELSEWHERE = Thing(regions=("elsewhere",), meeting_id="n", registration_id="s")

_COLUMNS = {
    "participant": Actor("person", registration_id="r", person_key="p", my_data_id="d"),
    "helper": Actor("helper", meeting_id="m"),
    "editor": Actor("editor"),
    "organiser": Actor("organiser", regions=("here",)),
    "auditor": Actor("auditor"),
    "manager": Actor("manager"),
}

_HEAD = """# Who may do what

Made by `python -m shared.people > docs/roles.md` from `shared/people/roles.py`; a test compares the two. Every route of
every service declares one of these verbs, and `tests/access` asks every route as everyone.

*all*: to everything; *own*: within one's reach, which is the regions of an organiser, the meeting of a helper, and
what a participant's link or session is about; an empty cell: not at all. To a participant, a link to one thing is
enough, except where it says *signed in*, or *fresh link*: one that was just mailed, to all that is theirs.
"""


def page() -> str:
    """The whole page, in Markdown."""
    rows = [
        [f"`{verb}`", *(_word(actor, verb) for actor in _COLUMNS.values())] for verb in VERBS if not is_public(verb)
    ]
    scopes = [[f"`{scope}`", ", ".join(f"`{verb}`" for verb in sorted(verbs))] for scope, verbs in SCOPES.items()]
    public = ", ".join(f"`{verb}`" for verb in VERBS if is_public(verb))
    parts = (
        _HEAD,
        f"Anybody: {public}.\n",
        _table(["verb", *_COLUMNS], rows),
        "## Scopes of keys\n",
        "A key without scopes may all that its role may. With scopes it may of that only what stands here.\n",
        _table(["scope", "verbs"], scopes),
    )
    return "\n".join(parts)


def _word(actor: Actor, verb: str) -> str:
    if not may(actor, verb):
        return ""
    if actor.role == "person" and verb in SIGNED_IN | OWN_DATA:
        return "signed in" if verb in SIGNED_IN else "fresh link"
    return "all" if may(actor, verb, _ELSEWHERE) else "own"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)

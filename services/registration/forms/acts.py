"""Whose act something is."""

from services.registration.actions.set_standing import Act
from shared.people.roles import Actor


def act_of(actor: Actor, name: str, reason: str = "") -> Act:
    """What ``actor`` does: an organiser, or the person behind a signed link. ``name`` is what the history says."""
    if actor.role == "person":
        return Act(name=name, cause="participant", by="participant", reason=reason)
    return Act(name=name, cause="organiser", by=actor.id or "unknown", reason=reason)

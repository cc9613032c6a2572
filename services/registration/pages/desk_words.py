"""What the desk says about registrations, in the reader's words."""

from collections import Counter
from collections.abc import Mapping

from services.registration.lists.waiting import Preview
from services.registration.lists.words import KINDS
from services.registration.rules.standing import Decision
from services.registration.rules.why_waiting import Why
from shared.i18n import N_, _, current_translator, ngettext
from shared.i18n.moments import moment_text

_NEEDS: Mapping[str, str] = {"access": N_("Access"), "diet": N_("Diet")}

_DECISIONS: Mapping[Decision, str] = {
    "approve": N_("Approve: the seat rule decides"),
    "reject": N_("Turn down"),
    "move-up": N_("Give a seat by hand, over the plan if need be"),
    "change-group": N_("Change the role"),
    "cancel": N_("Sign off for this person"),
}

_WHY: Mapping[str, str] = {
    "over": N_("The meeting has begun or does not take place."),
    "by-hand": N_("There is a seat. You decide who gets it."),
    "last-hours": N_("There is a seat, but not everyone can come at the last moment."),
    "next": N_("There is a seat. This person gets it in a moment."),
    "full": N_("All seats are taken."),
    "those-before": N_("The seats that are left are for people with an earlier number."),
}

_ANSWERS: Mapping[str | None, str] = {
    "accepted": N_("Accepted"),
    "tentative": N_("Perhaps"),
    "declined": N_("Declined"),
    None: N_("Nothing heard"),
}
"""What calendars said, as organisers read it; nobody has to answer."""


def kind_words(kind: str) -> str:
    """As what someone takes part."""
    return _(KINDS[kind])


def need_words(need: str) -> str:
    """What someone needs to be received well."""
    return _(_NEEDS.get(need, need))


def decision_words(decision: Decision) -> str:
    """What an organiser can decide."""
    return _(_DECISIONS[decision])


def why_words(why: Why, groups: Mapping[str, str], zone: str) -> str:
    """Why someone waits; ``groups`` are the words of the target groups, ``zone`` is the meeting's."""
    match why.reason:
        case "kept":
            return _kept(why, groups, zone)
        case "role-full":
            return _("This role has its maximum of %(number)s seats.", number=why.number)
        case "offers-out":
            return ngettext(
                "All seats are taken; for %(num)s of them we wait for an answer to an offer.",
                "All seats are taken; for %(num)s of them we wait for an answer to an offer each.",
                why.number,
            )
        case _:
            return _(_WHY[why.reason])


def _kept(why: Why, groups: Mapping[str, str], zone: str) -> str:
    kept_for = ", ".join(groups.get(code, code) for code in why.groups)
    if why.until is None:
        return _("The seats that are left are reserved for: %(groups)s.", groups=kept_for)
    until = moment_text(why.until, current_translator().language, zone)
    return _("The seats that are left are reserved until %(until)s for: %(groups)s.", until=until, groups=kept_for)


def answer_counts(counted: Mapping[str | None, int]) -> list[tuple[str, list[int]]]:
    """What calendars said in words, each with how many; only what was said at all, and who was not heard."""
    return [(_(words), [counted[answer]]) for answer, words in _ANSWERS.items() if counted.get(answer)]


def fates_words(foreseen: Preview) -> str:
    """What a plan would do to those who wait, in one sentence; who waits for a place online is counted too."""
    becomes = Counter(fate.becomes for fate in [*foreseen.fates, *foreseen.online])
    get, offered, wait, over = becomes["confirmed"], becomes["offered"], becomes["waits"], foreseen.over_plan
    told = {
        ngettext("%(num)s person gets a seat", "%(num)s people get a seat", get): get,
        ngettext("%(num)s person is offered a seat", "%(num)s people are offered a seat", offered): offered,
        ngettext("%(num)s person keeps waiting", "%(num)s people keep waiting", wait): wait,
        ngettext("%(num)s seat more than the plan allows", "%(num)s seats more than the plan allows", over): over,
    }
    said = ", ".join(words for words, count in told.items() if count)
    return f"{said}." if said else _("Nobody waits.")

"""Whether a seat plan can be kept at all. Who gets a seat is registration's rule."""

from collections.abc import Collection, Iterator

from services.catalog.rules.flaws import Flaw
from shared.events.catalog import SeatPlan
from shared.i18n import N_


def seat_plan_flaws(plan: SeatPlan, target_groups: Collection[str]) -> Iterator[Flaw]:
    """What is wrong with ``plan`` for a meeting that is for ``target_groups`` (codes; empty = everyone)."""
    if plan.capacity < 1:
        yield Flaw("seatPlan.capacity", "capacity-missing", N_("Give at least one seat."))
    if sum(plan.reserved.values()) > plan.capacity:
        yield Flaw(
            "seatPlan.reserved",
            "reserved-above-capacity",
            N_("%(reserved)s seats are reserved, but there are only %(capacity)s."),
            {"reserved": sum(plan.reserved.values()), "capacity": plan.capacity},
        )
    yield from _maximum_flaws(plan)
    for member, numbers in (("reserved", plan.reserved), ("maximum", plan.maximum)):
        for group in numbers:
            if target_groups and group not in target_groups:
                yield Flaw(
                    f"seatPlan.{member}.{group}",
                    "group-not-invited",
                    N_("The meeting is not for this target group."),
                )


def _maximum_flaws(plan: SeatPlan) -> Iterator[Flaw]:
    for group, maximum in plan.maximum.items():
        reserved = plan.reserved.get(group, 0)
        if maximum < reserved:
            yield Flaw(
                f"seatPlan.maximum.{group}",
                "maximum-below-reserved",
                N_("The maximum cannot be below the %(reserved)s reserved seats."),
                {"reserved": reserved},
            )

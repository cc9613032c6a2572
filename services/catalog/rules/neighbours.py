"""Which regions lie beside which: of provinces it is known, of other regions it follows from their parts."""

from collections.abc import Collection, Iterable
from types import MappingProxyType
from typing import Final

from services.catalog.rules.references import Reference

_BESIDE: Final = MappingProxyType(
    {
        "PV20": ("PV21", "PV22"),
        "PV21": ("PV20", "PV22", "PV23", "PV24", "PV27"),
        "PV22": ("PV20", "PV21", "PV23"),
        "PV23": ("PV21", "PV22", "PV24", "PV25"),
        "PV24": ("PV21", "PV23", "PV25", "PV26", "PV27"),
        "PV25": ("PV23", "PV24", "PV26", "PV28", "PV30", "PV31"),
        "PV26": ("PV24", "PV25", "PV27", "PV28"),
        "PV27": ("PV21", "PV24", "PV26", "PV28"),
        "PV28": ("PV25", "PV26", "PV27", "PV29", "PV30"),
        "PV29": ("PV28", "PV30"),
        "PV30": ("PV25", "PV28", "PV29", "PV31"),
        "PV31": ("PV25", "PV30"),
    }
)
"""The provinces by their codes, and those one comes to over land or a dam (CBS, map of the provinces)."""


def near(codes: Collection[str], regions: Iterable[Reference]) -> list[str]:
    """The codes of those ``regions`` that lie beside one of ``codes`` or have a part of it, in their order.

    The whole country is near everything and is left out: whoever chose a region has not asked for it.
    """
    known = list(regions)
    chosen = {part for region in known if region.code in codes for part in region.parts}
    around = {beside for part in chosen for beside in _BESIDE.get(part, ())} | chosen
    return [
        region.code
        for region in known
        if region.code not in codes and not around.isdisjoint(region.parts) and len(region.parts) < len(_BESIDE)
    ]

"""What there is to say about a file of somebody else's, and about each entry in it: reasons in words for people."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Remark:
    """One thing to say: a stable ``code`` for programs, the ``reason`` in English, and the ``values`` in it."""

    code: str
    reason: str
    values: Mapping[str, str | int] = field(default_factory=dict)


class RefusedEntryError(ValueError):
    """One entry cannot be used; the others can."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.reason)
        self.remark = remark


class RefusedFileError(ValueError):
    """Nothing of the file can be used."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.reason)
        self.remark = remark

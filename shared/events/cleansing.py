"""An event without the person whom it told about: the facts stay, who it was is gone. Pure."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from shared.events.contract import Contract, camel, personal_paths

Theirs = Callable[[str], bool]
"""Whether a mail address is that of the person."""


def addresses_in(contract: Contract, data: Mapping[str, Any]) -> list[str]:
    """The addresses of those whom ``data``, of an event of this contract, is about; none where it names nobody."""
    found = (_value_at(data, tuple(camel(name) for name in path.split("."))) for path in contract.whose)
    return [address for address in found if isinstance(address, str) and address]


def without_person(contract: Contract, data: Mapping[str, Any]) -> dict[str, Any]:
    """``data`` with every personal field emptied."""
    return _emptied(contract, data, lambda _text: True)


def without_address(contract: Contract, data: Mapping[str, Any], theirs: Theirs) -> dict[str, Any]:
    """``data`` about somebody else, with every personal field emptied that is an address of this person."""
    return _emptied(contract, data, theirs)


def _emptied(contract: Contract, data: Mapping[str, Any], chosen: Theirs) -> dict[str, Any]:
    emptied = deepcopy(dict(data))
    for path, nothing in personal_paths(contract.of).items():
        _empty(emptied, path, nothing, chosen)
    return emptied


def _value_at(data: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if not isinstance(data, dict):
            return None
        data = data.get(name)
    return data


def _empty(data: Any, path: tuple[str, ...], nothing: str | None, chosen: Theirs) -> None:
    """Put ``nothing`` at ``path`` where the text there is chosen; in every item where a list is on the way."""
    if isinstance(data, list):
        for item in data:
            _empty(item, path, nothing, chosen)
    elif isinstance(data, dict):
        inner = data.get(path[0])
        if len(path) > 1:
            _empty(inner, path[1:], nothing, chosen)
        elif isinstance(inner, str) and chosen(inner):
            data[path[0]] = nothing

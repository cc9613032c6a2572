"""Of a design system's stylesheets the part that our pages use, so that a page stays light: from text to text.

A rule stays where every class in its selector is one of ours. A custom property stays where something asks for it, and
the ways round one that nobody sets are cut short: `var(--unset, red)` becomes `red`, and a declaration that is left
with nothing to say goes, which leaves the word to the stylesheet below it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import tinycss2

_CONDITIONS = {"media", "supports"}


@dataclass(frozen=True)
class _Declaration:
    name: str
    value: str
    important: bool

    @property
    def is_custom(self) -> bool:
        return self.name.startswith("--")


@dataclass(frozen=True)
class _Rule:
    """``condition`` is that under which it holds, such as ``@media print``; empty where it always does."""

    condition: str
    selector: str
    declarations: tuple[_Declaration, ...]


def used_part(sheets: Iterable[str], tokens: str, classes: Collection[str], beside: str = "") -> str:
    """The rules of ``sheets`` for ``classes``, and before them, on ``:root``, what they need of ``tokens``.

    ``tokens`` is a stylesheet that sets custom properties, on whatever selector; ``beside`` is ours, which stands
    beside what comes out: it may ask for tokens and set others. What comes out has no comments and no needless blanks.
    """
    rules = [rule for sheet in sheets for rule in _rules(_parsed(sheet), "", frozenset(classes))]
    given = {each.name: each.value for rule in _parsed(tokens) for each in _declarations(rule)}
    always = given.keys() | set(re.findall(r"(--[\w-]+):", beside))
    thinner = _thinned(rules, always, given)
    while thinner != rules:
        rules, thinner = thinner, _thinned(thinner, always, given)
    reached = _reached(_asked(beside).union(*(_asked(each.value) for each in _all(rules))), given)
    ours = [_Declaration(name, value, important=False) for name, value in given.items() if name in reached]
    return "".join(map(_text, [_Rule("", ":root", tuple(ours)), *rules]))


def _parsed(sheet: str) -> list[Any]:
    return list(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True))


def _rules(nodes: list[Any], condition: str, classes: frozenset[str]) -> Iterator[_Rule]:
    for node in nodes:
        if node.type == "qualified-rule":
            ours = [selector for selector in _selectors(node.prelude) if _classes_in(selector) <= classes]
            if ours:
                yield _Rule(condition, ",".join(ours), tuple(_declarations(node)))
        elif node.type == "at-rule" and node.lower_at_keyword in _CONDITIONS:
            inside = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield from _rules(inside, f"@{node.lower_at_keyword} {_short(node.prelude)}", classes)


def _selectors(prelude: list[Any]) -> list[str]:
    """The selectors between the commas on the top level: one inside ``:is(…)`` parts nothing."""
    parts: list[list[Any]] = [[]]
    for node in prelude:
        if node == ",":
            parts.append([])
        else:
            parts[-1].append(node)
    return [_short(part) for part in parts]


def _classes_in(selector: str) -> set[str]:
    return set(re.findall(r"\.([_a-zA-Z-][\w-]*)", selector))


def _declarations(rule: Any) -> Iterator[_Declaration]:
    for each in tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True):
        if each.type == "declaration":
            yield _Declaration(each.name, _short(each.value), each.important)


def _short(nodes: list[Any]) -> str:
    return re.sub(r"\s+", " ", tinycss2.serialize(nodes)).strip()


def _thinned(rules: list[_Rule], always: Collection[str], given: Mapping[str, str]) -> list[_Rule]:
    """``rules`` without what says nothing, and without custom properties that nothing asks for."""
    set_in_rules = {each.name for each in _all(rules)}
    asked = {name for value in [*(each.value for each in _all(rules)), *given.values()] for name in _asked(value)}
    thin = []
    for rule in rules:
        kept = []
        for each in rule.declarations:
            value = _resolved(tinycss2.parse_component_value_list(each.value), set_in_rules, always)
            if value and (each.name in asked or not each.is_custom):
                kept.append(replace(each, value=value))
        if kept:
            thin.append(replace(rule, declarations=tuple(kept)))
    return thin


def _resolved(value: list[Any], set_in_rules: Collection[str], always: Collection[str]) -> str | None:
    """``value`` with every ``var()`` cut short; None where one has nothing to stand for."""
    parts = []
    for node in value:
        if node.type != "function":
            part: str | None = node.serialize()
        elif node.lower_name == "var":
            part = _variable(node.arguments, set_in_rules, always)
        else:
            inner = _resolved(node.arguments, set_in_rules, always)
            part = None if inner is None else f"{node.name}({inner})"
        if part is None:
            return None
        parts.append(part)
    return "".join(parts).strip()


def _variable(arguments: list[Any], set_in_rules: Collection[str], always: Collection[str]) -> str | None:
    name, *rest = [node for node in arguments if node.type != "whitespace"]
    fallback = _resolved(arguments[arguments.index(rest[0]) + 1 :], set_in_rules, always) if rest else None
    if name.value in always:
        return f"var({name.value})"
    if name.value in set_in_rules:
        return f"var({name.value})" if fallback is None else f"var({name.value},{fallback})"
    return fallback


def _all(rules: list[_Rule]) -> Iterator[_Declaration]:
    return (each for rule in rules for each in rule.declarations)


def _asked(text: str) -> set[str]:
    return set(re.findall(r"var\(\s*(--[\w-]+)", text))


def _reached(names: set[str], given: Mapping[str, str]) -> set[str]:
    """``names`` and what their values ask for, and what those do."""
    found: set[str] = set()
    ahead = set(names)
    while ahead:
        found |= ahead
        ahead = {name for known in ahead for name in _asked(given.get(known, ""))} - found
    return found


def _text(rule: _Rule) -> str:
    said = ";".join(f"{each.name}:{each.value}{'!important' * each.important}" for each in rule.declarations)
    text = f"{rule.selector}{{{said}}}"
    return f"{rule.condition}{{{text}}}\n" if rule.condition else f"{text}\n"

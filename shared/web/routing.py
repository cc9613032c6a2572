"""How addresses are found and made: as Flask does it, but what makes an address is prepared when it is first made."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class LateRule(Rule):
    """A rule that compiles what makes its address when that is first asked for.

    Werkzeug compiles it for every rule at the start, nearly half of the time that building a service took. Should it
    ever call that step otherwise, this class does nothing.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Builder:  # noqa: FBT001, FBT002  # Werkzeug's signature
        compile_now, compiled = super()._compile_builder, list[Builder]()

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(compile_now(append_unknown))
            return compiled[0](rule, **values)

        return build

"""Functions, methods and classes that nobody uses, tests included: `python -m tests.architecture.unused`.

Vulture's own command would also report every field of a dataclass, column of a table and field of a form; those are
read by name, through a schema, a row or a template. Unused local names are ruff's (F841).
"""

import sys

from vulture import Vulture

PARTS = ["services", "shared", "deploy", "tests"]
KINDS = {"function", "method", "class", "property", "unreachable_code"}
CALLED_BY_FRAMEWORKS = [
    *("@*.route", "@*.get", "@*.post", "@*.put", "@*.patch", "@*.delete", "@*.register", "@*.command"),
    *("@*.errorhandler", "@*.app_errorhandler", "@*.before_request", "@*.after_request", "@*.teardown_*"),
    *("@*.context_processor", "@*.template_*", "@*.app_template_*", "@*.listens_for", "@*listens_for"),
    *("@pre_load", "@post_load", "@pre_dump", "@post_dump", "@validates", "@validates_schema", "@pytest.fixture"),
    *("@rule", "@initialize", "@invariant"),  # hypothesis
]
NAMED_BY_LIBRARIES = [
    *("Meta", "_serialize", "_deserialize", "_load", "on_bind_field", "handle_error"),  # marshmallow
    *("load_querystring", "load_json", "_register_error_handlers"),  # webargs, flask-smorest
    *("incr", "get_expiry"),  # limits
    *("ensure_sync", "open_session"),  # Flask
    *("do_*", "log_message", "handle_*", "auth_*"),  # http.server, aiosmtpd
    "fold",  # email
    *("ack", "basic_*", "prepare_message"),  # kombu, of what passes for its channels
    *("process_bind_param", "process_result_value", "load_dialect_impl"),  # SQLAlchemy
    *("upgrade", "downgrade", "run_migrations_*"),  # Alembic
    *("load_bytecode", "dump_bytecode"),  # Jinja
    *("generate_trace_id", "generate_span_id"),  # OpenTelemetry
    *("pytest_*", "_split_scope"),  # pytest, xdist
]


def unused() -> list[str]:
    """Give one line for each, with its place."""
    vulture = Vulture(ignore_names=NAMED_BY_LIBRARIES, ignore_decorators=CALLED_BY_FRAMEWORKS)
    vulture.scavenge(PARTS)
    found = [item for item in vulture.get_unused_code() if item.typ in KINDS]
    return [f"{item.filename}:{item.first_lineno}: unused {item.typ} {item.name}" for item in found]


if __name__ == "__main__":
    lines = unused()
    print("\n".join(lines), end="\n" if lines else "")
    sys.exit(1 if lines else 0)

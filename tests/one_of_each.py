"""A pytest plugin (`-p tests.one_of_each`): of a test with parameters only the first case runs."""

import pytest


@pytest.hookimpl(trylast=True)  # of the cases that `-k` chose
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = {item.nodeid.partition("[")[0]: item for item in reversed(items)}.values()
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = reversed(chosen)

"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("CI") and config.getoption("--snapshot-update", default=False):
        raise pytest.UsageError("goldens are not rewritten in CI: update them at home and read the diff")


@pytest.fixture
def project() -> Path:
    """The folder of the project."""
    return PROJECT

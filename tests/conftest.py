"""A browser test that could not run is named, never counted as passed; in CI it is a failure."""

from __future__ import annotations

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
REASON = "not run: no Chromium here"
_not_run: list[str] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where no browser is found, leave its tests out."""
    if os.environ.get("LINLI_CHROMIUM") or any(shutil.which(name) for name in BROWSERS):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=REASON))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember which tests were left out for want of a browser."""
    if report.skipped and REASON in str(report.longrepr):
        _not_run.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything must run, a test that did not is a failure."""
    if _not_run and os.environ.get("CI") == "true" and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name every test that could not run."""
    if _not_run:
        terminalreporter.section("BROWSER TESTS NOT RUN", red=True)
        for name in sorted(_not_run):
            terminalreporter.line(name)

"""The fixtures, in a project of somebody else's."""

import pytest

pytest_plugins = ["pytester"]

PROJECT = """
async def announce(dispatcher):
    await dispatcher.run_started(session_id="s1", run_id="r1")


async def test_published(published, event_dispatcher):
    await announce(event_dispatcher)
    published.assert_types(["run_started"])


def test_each_test_begins_with_nothing(published, sync_event_dispatcher):
    published.assert_types([])
    sync_event_dispatcher.run_started(session_id="s1", run_id="r1")
    published.assert_types(["run_started"])


async def test_it_says_what_is_missing(published, event_dispatcher):
    await announce(event_dispatcher)
    published.assert_types(["run_started", "run_completed"])
"""


def test_the_fixtures_record_what_a_test_publishes(pytester: pytest.Pytester) -> None:
    pytester.makeconftest('pytest_plugins = ["lockstep_events.pytest_plugin"]')
    pytester.makepyfile(PROJECT)
    result = pytester.runpytest_subprocess("-o", "asyncio_mode=auto", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*AssertionError: other events were published*", "*- run_completed"])


def test_nobody_else_gets_them(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("import sys\ndef test_it():\n    assert 'lockstep_events' not in sys.modules")
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
    assert "published" not in pytester.runpytest_subprocess("--fixtures", "-p", "no:cacheprovider").stdout.str()

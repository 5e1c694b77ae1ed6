"""Identities only grow, timestamps have one form, and the clock is a parameter."""

import os
import re
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from lockstep_events.runtime import Stamp

LAST_MILLISECOND = (1 << 48) - 1


@given(st.lists(st.integers(0, LAST_MILLISECOND), min_size=1, max_size=60))
def test_identities_grow_whatever_the_clock_does(moments: list[int]) -> None:
    clock = iter(moments)
    stamp = Stamp(lambda: next(clock) * 1_000_000)
    made = [stamp.event_id() for _ in moments]
    assert made == sorted(set(made))
    for text, moment in zip(made, moments, strict=True):
        identity = uuid.UUID(text)
        assert (identity.version, identity.variant, str(identity)) == (7, uuid.RFC_4122, text)
        assert identity.int >> 80 >= moment


@given(st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1)))
def test_a_timestamp_is_the_moment_cut_to_the_millisecond(moment: datetime) -> None:
    microseconds = (moment - datetime(1970, 1, 1)) // timedelta(microseconds=1)
    stamp = Stamp(lambda: microseconds * 1000)
    text = stamp.timestamp()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text)
    cut = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
    assert datetime.fromisoformat(text) == cut
    assert stamp.timestamp() == text


def test_threads_never_share_an_identity() -> None:
    stamp = Stamp()
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(stamp.event_id) for _ in range(20_000)]
        made = [each.result() for each in waiting]
    assert len(set(made)) == len(made)


def test_a_forked_child_goes_its_own_way() -> None:
    code = """
import os, sys
from lockstep_events.runtime import Stamp
stamp = Stamp(lambda: 10**18)  # a clock that stands still
stamp.event_id()
read, write = os.pipe()
if os.fork() == 0:
    os.write(write, "\\n".join(stamp.event_id() for _ in range(100)).encode())
    os._exit(0)
os.wait()
child = set(os.read(read, 10**5).decode().split())
mine = {stamp.event_id() for _ in range(100)}
sys.exit(len(child) != 100 or bool(child & mine))
"""
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", code], timeout=30, check=False).returncode == 0
    assert os.name == "posix"

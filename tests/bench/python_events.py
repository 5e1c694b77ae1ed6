"""Reading and making events in Python, beside bare Pydantic and AG-UI's own encoder; and what the import costs."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import perf_counter_ns
from typing import Any

from bench.pairs import report

ROOT = Path(__file__).parents[2]
ROUNDS = 3000
GOLDEN = sorted((ROOT / "tests/golden/events").glob("*.json"))
PYDANTIC = "from pydantic import BaseModel, ConfigDict, Field, TypeAdapter; TypeAdapter(BaseModel)"
IMPORTS = 15
HEAVY = ("metadata", "raw_event", "source", "traceparent")


def ratio(name: str, ours: Callable[[], object], peer: Callable[[], object], at_most: float) -> None:
    """Both in turn, a few calls at a time, so that a busy machine slows both; the best of each counts."""
    best = {ours: float("inf"), peer: float("inf")}
    for _ in range(ROUNDS):
        for each in best:
            start = perf_counter_ns()
            each()
            each()
            best[each] = min(best[each], perf_counter_ns() - start)
    report(name, best[ours] / 2e3, best[peer] / 2e3, "µs", at_most=at_most)


def bare_union(folder: Path) -> Any:
    """The same models without a base class of ours: plain Pydantic, JSON values as `Any`."""
    from pydantic import TypeAdapter

    text = (ROOT / "generated/python/lockstep_events/models.py").read_text("utf-8")
    plain = "from pydantic import BaseModel\nclass Model(BaseModel): ...\nclass EventModel(Model): ..."
    text = re.sub(r"from lockstep_events\.runtime\.model import .*", plain, text)
    types = "from typing import Any\nInteger = Count = int\nJson = JsonNotNull = Any\nJsonObject = dict[str, Any]"
    text = re.sub(r"from lockstep_events\.runtime\.wire import .*", types, text)
    (folder / "bare_models.py").write_text(text, "utf-8")
    sys.path.insert(0, str(folder))
    union: Any = import_module("bare_models").AgentEvent
    return TypeAdapter(union)


def parse(folder: Path) -> None:
    from lockstep_events import parse_event

    bare = bare_union(folder).validate_json
    every = [_plain(path) for path in GOLDEN]
    delta = next(raw for raw in every if b'"agent_message_delta"' in raw)
    ratio("parse a delta", lambda: parse_event(delta), lambda: bare(delta), 1.1)
    ratio("parse every example", lambda: [*map(parse_event, every)], lambda: [*map(bare, every)], 1.1)


def _plain(path: Path) -> bytes:
    """An example as a stream of an agent carries it: without what only some publishers add to the envelope."""
    event = json.loads(path.read_text("utf-8"))
    return json.dumps({name: value for name, value in event.items() if name not in HEAVY}).encode()


def make() -> None:
    # Ours first: the two packages export classes of the same names.
    from ag_ui.core import EventType, TextMessageContentEvent
    from ag_ui.encoder import EventEncoder
    from lockstep_events import Receipt, SyncEventDispatcher, encode_event

    done = Receipt("", "", duplicate=False)

    class Encoding:
        """Does what every bus does first."""

        def publish(self, event: Any, /) -> Receipt:
            encode_event(event)
            return done

    dispatcher, encoder = SyncEventDispatcher(Encoding()), EventEncoder()
    ratio(
        "construct, stamp, validate, encode a delta",
        lambda: dispatcher.agent_message_delta(session_id="abc", message_id="m1", delta="Checking Docker"),
        lambda: encoder.encode(
            TextMessageContentEvent(type=EventType.TEXT_MESSAGE_CONTENT, message_id="m1", delta="Checking Docker")
        ),
        1.0,
    )


def imports(folder: Path) -> None:
    # As a program meets it: compiled once, by an earlier run.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def seconds(code: str) -> float:
        clock = "from time import process_time\nstart = process_time()"
        timed = [sys.executable, "-c", f"{PYDANTIC}\n{clock}\n{code}\nprint(process_time() - start)"]
        runs = [subprocess.run(timed, env=environment, capture_output=True, check=True) for _ in range(IMPORTS)]
        return min(float(run.stdout) for run in runs)

    print(f"import lockstep_events: {seconds('import lockstep_events') * 1e3:.0f} ms beyond Pydantic's (at most 80)")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        parse(Path(folder))
        make()
        imports(Path(folder))


if __name__ == "__main__":
    main()

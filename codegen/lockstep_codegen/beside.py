"""A second process that makes the Pydantic models while this one renders the other targets.

Making them takes as long as everything else together, half of it imports; started before the schema is read, the second
process costs no time where there is a second core.
"""

import gc
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:  # the second process starts before this one has imported anything else
    from lockstep_codegen.files import SourceFile
    from lockstep_codegen.model import Contract
    from lockstep_codegen.targets.python_view import Order

TARGET: Final = "python-models"
_CHILD: Final = "from lockstep_codegen.beside import serve; serve()"


class Beside:
    """A process of its own that stays warm until `close`, and dies with this process.

    Whatever goes wrong there costs time only: the models are made here instead, and fail here if they must.
    """

    def __init__(self) -> None:
        """Start the process. It sees the same import path, and no stop signal but the end of its input."""
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-c", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
        )
        # An order is larger than a pipe holds: writing it waits for the other side's imports, so a thread does.
        self._writer = ThreadPoolExecutor(1, "lockstep-beside")
        self._closed = False

    @property
    def pid(self) -> int:
        """The second process."""
        return self._child.pid

    def render(self, contract: "Contract") -> "Future[list[SourceFile]]":
        """The files of the target `python-models`, soon. Raises, when asked for them, what the target raises."""
        from lockstep_codegen.targets.python_view import order

        return self._writer.submit(self._render, contract, order(contract))

    def _render(self, contract: "Contract", order: "Order") -> "list[SourceFile]":
        from lockstep_codegen.targets.python_view import models_file

        text = self._answer(order)
        if text is not None:
            return [models_file(contract, text)]
        if self._closed:
            return []
        from lockstep_codegen.targets.python_models import render

        return render(contract)

    def _answer(self, order: "Order") -> str | None:
        text: str | None = None
        if self._child.stdin is not None and self._child.stdout is not None:
            with suppress(OSError, ValueError):
                print(json.dumps(order), file=self._child.stdin, flush=True)
                text = json.loads(self._child.stdout.readline())
        return text

    def close(self) -> None:
        """End the process; what it was doing is given up."""
        self._closed = True
        self._child.kill()
        self._writer.shutdown()
        with suppress(OSError):
            self._child.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def serve() -> None:
    """The second process: an order on each line of standard input, its text on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the other process's, which then ends this one's input
    answers, sys.stdout = sys.stdout, sys.stderr
    gc.disable()  # garbage is looked for while nobody waits
    from lockstep_codegen.targets.python_models import models
    from lockstep_codegen.targets.python_view import Order

    for line in sys.stdin:
        try:
            text = models(Order(*json.loads(line)))
        except Exception:  # said by the other process, which tries again
            text = None
        print(json.dumps(text), file=answers, flush=True)
        gc.collect()

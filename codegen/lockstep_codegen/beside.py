"""A second process that renders one target while this one renders the others.

Making the Pydantic models takes as long as everything else together, half of it imports; started before the schema is
read, the second process costs no time where there is a second core.
"""

import gc
import os
import pickle
import signal
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from types import TracebackType
from typing import IO, TYPE_CHECKING, Final, Self

from lockstep_codegen.targets import TARGETS

if TYPE_CHECKING:  # the second process starts before this one has imported anything else
    from lockstep_codegen.files import SourceFile
    from lockstep_codegen.model import Contract

_CHILD: Final = "from lockstep_codegen.beside import serve; serve({target!r})"


class Beside:
    """One target, rendered in a process of its own that stays warm until `close`, and dies with this process.

    Whatever goes wrong there costs time only: the target is rendered here instead, and fails here if it must.
    """

    def __init__(self, target: str = "python-models") -> None:
        """Start the process. It sees the same import path, and no stop signal but the end of its input."""
        self.target = target
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-c", _CHILD.format(target=target)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        # A contract is larger than a pipe holds: writing it waits for the other side's imports, so a thread does.
        self._writer = ThreadPoolExecutor(1, "lockstep-beside")
        self._closed = False

    @property
    def pid(self) -> int:
        """The second process."""
        return self._child.pid

    def render(self, contract: "Contract") -> "Future[list[SourceFile]]":
        """The target's files, soon. Raises, when asked for them, what the target raises."""
        return self._writer.submit(self._render, contract, pickle.dumps(contract))

    def _render(self, contract: "Contract", pickled: bytes) -> "list[SourceFile]":
        files: list[SourceFile] | None = None
        if self._child.stdin is not None and self._child.stdout is not None:
            try:
                self._child.stdin.write(pickled)
                self._child.stdin.flush()
                files = pickle.load(self._child.stdout)
            except (OSError, EOFError, pickle.PickleError):
                pass
        if files is None and not self._closed:
            return _files(self.target, contract)
        return files or []

    def close(self) -> None:
        """End the process; what it was doing is given up."""
        self._closed = True
        self._child.kill()
        self._writer.shutdown()
        self._child.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def serve(target: str) -> None:
    """The second process: a contract on standard input, its files on standard output, until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the other process's, which then ends this one's input
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    gc.disable()  # garbage is looked for while nobody waits
    import_module(TARGETS[target])
    while (contract := _asked(sys.stdin.buffer)) is not None:
        try:
            files = _files(target, contract)
        except Exception:  # said by the other process, which tries again
            files = None
        pickle.dump(files, answers)
        answers.flush()
        gc.collect()


def _asked(questions: IO[bytes]) -> "Contract | None":
    try:
        contract: Contract = pickle.load(questions)
    except EOFError:
        return None
    return contract


def _files(target: str, contract: "Contract") -> "list[SourceFile]":
    files: list[SourceFile] = import_module(TARGETS[target]).render(contract)
    return files

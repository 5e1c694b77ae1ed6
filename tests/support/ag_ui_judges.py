"""The TypeScript side of the AG-UI tests: our codec and the official clients, each in a Node process."""

import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from support.bundle import ROOT, bundle

FOLDER = ROOT / "tests" / "ag_ui"


class Judge:
    """One program of tests/ag_ui. `folder` holds what it is bundled into."""

    def __init__(self, name: str, folder: Path) -> None:
        command: list[str | Path] = ["node", bundle(FOLDER / f"{name}.ts", folder)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True, encoding="utf-8"
        )

    def ask(self, case: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(case)}\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._process:
            self._process.kill()


class Peer(Judge):
    """The TypeScript codec, and the official schemas."""

    def __init__(self, folder: Path) -> None:
        super().__init__("peer", folder)

    def read(self, frame: Any, *, strict: bool) -> dict[str, Any]:
        return self.ask({"frame": frame, "strict": strict})


class Viewer(Judge):
    """The official clients, 1.0 and 0.0."""

    def __init__(self, folder: Path) -> None:
        super().__init__("viewer", folder)

    def see(
        self, frames: Iterable[Any], *, client: str = "1.0", messages: Sequence[Any] = (), state: Any = None
    ) -> dict[str, Any]:
        """What a client makes of one stream, given the messages and the state that it has before."""
        given: dict[str, Any] = {"client": client, "messages": list(messages), "state": state or {}}
        return self.ask({"body": sse(frames), **given})


def sse(frames: Iterable[Any]) -> str:
    """Frames as a server sends them."""
    return "".join(f"data: {json.dumps(frame)}\n\n" for frame in frames)

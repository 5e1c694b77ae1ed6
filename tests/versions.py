"""The oldest and the newest Python and libraries that are supported, each in an environment of its own.

Usage: python tests/versions.py [oldest-pydantic] [oldest] [oldest-adk] [newest]
"""

import argparse
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".lockstep" / "versions"
UV = Path(sys.executable).parent / "uv"
TESTED = ("tests/generated", "tests/golden", "tests/integrations")
"""What runs inside users' own programs; servers are installed from the lock file."""
SHOWN = ("pydantic", "langgraph", "langchain-core", "google-adk", "opentelemetry-api")


@dataclass(frozen=True)
class Supported:
    """One end of what pyproject.toml allows."""

    name: str
    python: str
    resolution: Literal["lowest-direct", "highest"]
    extras: str = "all,langgraph,adk,otel"
    tools: tuple[str, ...] = ("--group", f"{ROOT / 'pyproject.toml'}:dev")
    """What the tests need beside the project, as arguments of `uv pip install`."""
    tested: tuple[str, ...] = TESTED

    @property
    def interpreter(self) -> Path:
        return FOLDER / self.name / "bin" / "python"

    def install(self) -> None:
        """Make the environment anew. Raises CalledProcessError when the versions do not go together."""
        folder = FOLDER / self.name
        run(UV, "venv", "--quiet", "--clear", "--no-python-downloads", "--python", self.python, folder)
        options = ("--quiet", "--resolution", self.resolution, *self.tools, "--editable", f"{ROOT}[{self.extras}]")
        run(UV, "pip", "install", "--python", self.interpreter, *options)

    def versions(self) -> str:
        """The versions that matter, as one line."""
        listed = subprocess.run(
            [UV, "pip", "freeze", "--python", self.interpreter], capture_output=True, text=True, check=True
        ).stdout.split()
        return ", ".join(each for each in listed if each.partition("==")[0] in SHOWN)

    def passes(self) -> bool:
        """Run the tests, and show what they say."""
        command: list[str | Path] = [self.interpreter, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2"]
        if self.resolution == "lowest-direct":
            command += ["-o", "filterwarnings=default"]  # what old releases warn of is theirs to mend, and mended
        return subprocess.run([*command, *self.tested], cwd=ROOT, check=False).returncode == 0


PYTEST = ("hypothesis>=6.170", "pytest>=9.2", "pytest-asyncio>=1.5", "pytest-timeout>=2.4", "pytest-xdist>=3.8")
# Without the agent frameworks, whose oldest releases forbid the oldest Pydantic.
PYDANTIC = Supported(
    "oldest-pydantic",
    "3.11",
    "lowest-direct",
    extras="bus",
    tools=(*PYTEST, "mypy>=2.4"),
    tested=("tests/generated",),
)
# FastAPI 0.165, which [server] needs, asks for an OpenTelemetry that Google ADK before 2.13 forbids: older ones are for
# agents in processes of their own.
ADK = Supported(
    "oldest-adk",
    "3.11",
    "lowest-direct",
    extras="bus,adk",
    tools=PYTEST,
    tested=("tests/integrations/adk",),
)
SUPPORTED = (PYDANTIC, Supported("oldest", "3.11", "lowest-direct"), ADK, Supported("newest", "3.13", "highest"))


def run(*command: str | Path) -> None:
    subprocess.run(command, check=True)


def main() -> int:
    """Test what is asked for, else all of them; 1 when one fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[[], *(each.name for each in SUPPORTED)])
    asked = parser.parse_args().names
    failed = 0
    for each in SUPPORTED:
        if asked and each.name not in asked:
            continue
        try:
            each.install()
        except subprocess.CalledProcessError:
            sys.stderr.write(
                f"{each.name} cannot be set up; the lines above say why. It needs python{each.python} on the PATH\n"
            )
            return 2
        sys.stdout.write(f"{each.name}: Python {each.python}, {each.versions()}\n")
        sys.stdout.flush()
        failed += not each.passes()
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())

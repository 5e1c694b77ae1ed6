"""What a release would upload, built here, and a reader's machine that has nothing else of this repository."""

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
NODE_MODULES = ROOT / "node_modules"


def build(folder: Path) -> Path:
    """The wheel and both npm tarballs, in `folder`."""
    uv(["build", "--wheel", "--out-dir", folder, ROOT], folder)
    source = folder / "source"
    skipped = shutil.ignore_patterns("node_modules", "dist", "inspector")
    for part in ("generated/typescript", "frontend"):  # packing builds; in a copy, so that the working tree stays
        shutil.copytree(ROOT / part, source / part, ignore=skipped)
    shutil.copy(ROOT / "tsconfig.json", source)
    (source / "node_modules").symlink_to(NODE_MODULES)
    for part in ("generated/typescript/npm", "frontend"):
        run(["npm", "pack", "--silent", "--offline", "--pack-destination", folder], source / part)
    return folder


def uv(arguments: Sequence[str | Path], folder: Path) -> None:
    """Run uv: with the build backend that `make setup` has fetched, or, where that is gone, from the network."""
    command = [BIN / "uv", *arguments]
    done = subprocess.run([*command, "--offline"], cwd=folder, env=environment(), capture_output=True, timeout=100)
    if done.returncode != 0:
        run(command, folder)


def run(command: Sequence[str | Path], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def environment() -> dict[str, str]:
    """Of this process, without what would lead back to this repository; compilers are npm's own to find."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LOCKSTEP_", "REDIS_URL", "PYTHON", "VIRTUAL_ENV", "npm_"))
    }
    path = [entry for entry in kept["PATH"].split(os.pathsep) if Path(entry) != BIN and "node_modules" not in entry]
    return kept | {"PATH": os.pathsep.join(path), "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}


class Machine:
    """A folder with a Python of its own, where `pip install` and `npm install` take what was built, and no network.

    What others publish (Pydantic, TypeScript ...) is lent from this repository's installations.
    """

    def __init__(self, folder: Path, release: Path) -> None:
        self.folder = folder
        self.release = release
        self.home = folder / ".venv"
        run([sys.executable, "-m", "venv", "--without-pip", self.home], folder)
        (site,) = self.home.glob("lib/python*/site-packages")
        # A .pth inside a folder that a .pth names is not read: our editable installation stays unseen.
        (site / "lent.pth").write_text(sysconfig.get_path("purelib"))
        bin = self.home / "bin"
        self.environment = environment() | {
            "PATH": f"{bin}{os.pathsep}{environment()['PATH']}",
            "LOCKSTEP_DATA_DIR": str(folder / "data"),
        }

    def pip_install(self, line: str) -> None:
        """`pip install ...`, as the documentation has it."""
        words = shlex.split(line)[2:]
        tools = {"mypy", "pytest"}
        for tool in tools if "[dev]" in line else tools & set(words):
            script = self.home / "bin" / tool
            script.write_text(f'#!/bin/sh\nexec "{self.home}/bin/python" -m {tool} "$@"\n')
            script.chmod(0o755)
        own = [str(*self.release.glob("*.whl"))] if any(word.startswith("agui-lockstep") for word in words) else []
        own += ["-e", words[words.index("-e") + 1]] if "-e" in words else []
        if own:
            python = self.home / "bin" / "python"
            uv(["pip", "install", "--quiet", "--no-deps", "--python", python, *own], self.folder)

    def npm_install(self, line: str) -> None:
        """`npm install ...`, as the documentation has it."""
        modules = self.folder / "node_modules"
        for word in shlex.split(line)[2:]:
            if word.endswith(".tgz"):
                unpack(self.folder / word, modules / "@acme/events")
            elif word.startswith("@agui-lockstep/"):
                (tarball,) = self.release.glob(f"agui-lockstep-{word.rpartition('/')[2]}-*.tgz")
                unpack(tarball, modules / word)
            else:
                self.lend(word)

    def lend(self, package: str) -> None:
        """Link a package of somebody else's, with its programs."""
        modules = self.folder / "node_modules"
        (modules / ".bin").mkdir(parents=True, exist_ok=True)
        (modules / package).parent.mkdir(parents=True, exist_ok=True)
        pairs = [(NODE_MODULES / package, modules / package)]
        for name in {"typescript": ["tsc"], "esbuild": ["esbuild"]}.get(package, []):
            pairs.append((NODE_MODULES / ".bin" / name, modules / ".bin" / name))
        for source, target in pairs:
            if not target.exists():
                target.symlink_to(source)


def unpack(tarball: Path, target: Path) -> None:
    """A tarball as npm unpacks it."""
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(tarball) as archive:
        for member in archive.getmembers():
            member.name = member.name.removeprefix("package/")
            archive.extract(member, target, filter="data")

"""The shape of the repository: its folders, and files small enough to be read."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = {"schema", "codegen", "generated", "server", "frontend", "tests"}
BESIDE = {"docs", ".ci", ".github"}

LONGEST_SOURCE = 300
LONGEST_TEMPLATE = 120


def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [Path(name) for name in listing.split("\0") if name and (ROOT / name).is_file()]


def test_the_top_level_reads_as_a_sentence() -> None:
    assert {path.parts[0] for path in tracked() if len(path.parts) > 1} == FOLDERS | BESIDE


def test_no_folder_is_itself_a_package() -> None:
    for folder in ("codegen", "server", "generated"):
        assert not (ROOT / folder / "__init__.py").exists()


def test_every_file_fits_on_two_screens() -> None:
    long = [
        f"{path}: {lines} lines"
        for path in tracked()
        if path.parts[0] != "generated"
        and "golden" not in path.parts
        and "cases" not in path.parts
        and (limit := LONGEST_TEMPLATE if path.suffix == ".jinja" else LONGEST_SOURCE)
        and path.suffix in {".py", ".ts", ".tsx", ".lua", ".jinja"}
        and (lines := len((ROOT / path).read_text(encoding="utf-8").splitlines())) > limit
    ]
    assert not long, "split what owns more than one noun:\n" + "\n".join(long)

"""Wheel and source distribution: what is in them, and that each installs and works on its own.

Run with `pytest -m package`.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT, in_the_repository

PROJECT = Path(__file__).resolve().parents[1]
PROGRAM = """
import sys, tenure
assert tenure.nps([10, 9, 7, 3]).value == 25
assert tenure.Book(**tenure.sample.company(accounts=5, months=3)).compute("nps").only().status in ("ok", "undefined")
assert "site-packages" in tenure.__file__, tenure.__file__
print(tenure.__version__)
"""


@in_the_repository
def test_the_licenses_are_those_of_the_repository() -> None:
    for name in ("LICENSE-MIT", "LICENSE-APACHE"):
        assert (PROJECT / name).read_bytes() == (ROOT / name).read_bytes(), f"copy {name} here once more"


def run(*arguments: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, cwd=cwd, timeout=1800)
    assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("maturin")
    out = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "maturin", "sdist", "--out", out, cwd=PROJECT)
    [file] = out.glob("*.tar.gz")
    return file


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the source distribution: so that one test covers both."""
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", out, sdist, cwd=out)
    [file] = out.glob("*.whl")
    return file


@pytest.mark.package
def test_the_source_distribution_has_everything(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    for needed in ("pyproject.toml", "PKG-INFO", "LICENSE-MIT", "LICENSE-APACHE", "README.md", "Cargo.lock"):
        assert needed in names, f"{needed} is not among {sorted(names)}"
    for crate in ("tenure", "tenure-arrow", "tenure-sample"):
        assert f"crates/{crate}/Cargo.toml" in names
        assert f"crates/{crate}/src/lib.rs" in names
    assert any(name.endswith("tests/test_api.py") for name in names)
    unwanted = [name for name in names if name.endswith((".so", ".pyc")) or "/target/" in name]
    assert unwanted == []


@pytest.mark.package
def test_the_wheel_has_everything(wheel: Path) -> None:
    assert "-cp311-abi3-" in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        [metadata] = [name for name in names if name.endswith(".dist-info/METADATA")]
        text = archive.read(metadata).decode()
        [entry_points] = [name for name in names if name.endswith("entry_points.txt")]
        assert "tenure = tenure.cli:main" in archive.read(entry_points).decode().replace("tenure=", "tenure = ")
    package = PROJECT / "python" / "tenure"
    for file in package.iterdir():
        if file.suffix in (".py", ".pyi", ".typed", ".jinja"):
            assert f"tenure/{file.name}" in names
    assert any(name.startswith("tenure/_tenure.") and ".abi3." in name for name in names)
    licenses = {Path(name).name for name in names if ".dist-info/licenses/" in name}
    assert {"LICENSE-MIT", "LICENSE-APACHE"} <= licenses
    required = [line for line in text.splitlines() if line.startswith("Requires-Dist:") and "extra ==" not in line]
    assert required == [], "the package needs nothing"
    assert "Requires-Python: >=3.11" in text
    assert {f"Provides-Extra: {extra}" for extra in ("files", "plot", "test")} <= set(text.splitlines())


@pytest.mark.package
def test_the_wheel_works_alone(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "alone", with_pip=True)
    python = tmp_path / "alone" / "bin" / "python"
    run(python, "-m", "pip", "install", "--no-index", "--no-deps", wheel, cwd=tmp_path)
    assert run(python, "-c", PROGRAM, cwd=tmp_path).strip()
    assert "nps" in run(tmp_path / "alone" / "bin" / "tenure", "catalog", cwd=tmp_path)

"""Everything public is documented, and the examples in the documentation are true."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest
import tenure
from tenure import _tenure

NEEDS = {
    "Rows.to_pandas": "pandas",
    "Rows.to_polars": "polars",
    "Rows.__arrow_c_stream__": "polars",
    "Rows.to_arrow": "pyarrow",
    "plot": "matplotlib",
    "read_folder": "pyarrow",
    "write_report": "matplotlib",
}
OPTIONAL = {"columns": "pyarrow", "files": "pyarrow", "pictures": "matplotlib", "report": "jinja2", "terminal": "rich"}
MODULES = [name for _, name, _ in pkgutil.iter_modules(tenure.__path__) if name not in ("__main__", "_tenure")]
LEAST_EXAMPLES = 60


def absent(name: str) -> bool:
    """Whether an example needs a library that is not installed."""
    return name in NEEDS and find_spec(NEEDS[name]) is None


def load(name: str) -> Any:
    if name in OPTIONAL:
        pytest.importorskip(OPTIONAL[name])
    return importlib.import_module(f"tenure.{name}")


def examples(module: Any) -> Iterator[doctest.DocTest]:
    finder = doctest.DocTestFinder(exclude_empty=True)
    yield from finder.find(module, module.__name__, globs={"tenure": tenure})


def compiled() -> Iterator[tuple[str, Any]]:
    """Walk what the compiled part exports."""
    for name, value in vars(_tenure).items():
        if name.startswith("__"):
            continue
        if inspect.isclass(value):
            yield name, value
            for member, inner in vars(value).items():
                if not member.startswith("_") or member == "__arrow_c_stream__":
                    # A static method is documented where it is looked up.
                    yield f"{name}.{member}", getattr(value, member) if isinstance(inner, staticmethod) else inner
        elif callable(value):
            yield name, value


def run(test: doctest.DocTest) -> None:
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    out: list[str] = []
    runner.run(test, out=out.append)
    assert not runner.failures, "".join(out)


COUNTED: list[int] = []


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_modules(name: str) -> None:
    module = load(name)
    assert module.__doc__
    for test in examples(module):
        COUNTED.append(len(test.examples))
        run(test)


def test_examples_of_the_compiled_part() -> None:
    parser = doctest.DocTestParser()
    for name, value in [*compiled(), ("tenure", tenure)]:
        if absent(name):
            continue
        text = inspect.getdoc(value) or ""
        test = parser.get_doctest(text, {"tenure": tenure}, name, None, 0)
        COUNTED.append(len(test.examples))
        run(test)


def test_enough_examples_were_run(request: pytest.FixtureRequest) -> None:
    if not any(item.name == "test_examples_of_the_compiled_part" for item in request.session.items):
        pytest.skip("only some of the tests were asked for")
    if any(absent(name) for name in NEEDS):
        pytest.skip("some examples need libraries that are not installed")
    assert sum(COUNTED) >= LEAST_EXAMPLES


def test_the_compiled_part_is_documented_and_exported() -> None:
    seen = 0
    for name, value in compiled():
        seen += 1
        assert inspect.getdoc(value), f"{name} has no documentation"
    assert seen >= 60
    classes = {name for name, value in vars(_tenure).items() if inspect.isclass(value)}
    assert classes <= set(tenure.__all__)
    for name, value in compiled():
        # Attributes are shown by their class's example; what can be called has one of its own.
        hidden = name in ("answer", "explain", "catalog", "sample_tables", "write_sample")
        if (inspect.isclass(value) or inspect.isroutine(value)) and not hidden:
            assert ">>>" in (inspect.getdoc(value) or ""), f"{name} has no example"


def test_public_functions_have_examples() -> None:
    for name in tenure.__all__:
        if absent(name):
            continue
        value = getattr(tenure, name)
        if inspect.isfunction(value) or inspect.isclass(value):
            assert ">>>" in (inspect.getdoc(value) or ""), f"{name} has no example"


def test_headings_are_those_of_numpy() -> None:
    known = {"Parameters", "Returns", "Examples", "Attributes", "Raises", "Notes", "See Also"}
    for name, value in compiled():
        for heading in re.findall(r"^(\w[\w ]*)\n-{4,}$", inspect.getdoc(value) or "", re.MULTILINE):
            assert heading in known, f"{name}: {heading}"

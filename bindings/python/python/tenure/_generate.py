"""Writes the typed files that follow from the catalog: `python -m tenure._generate`.

`policies.py` has a typed dict per KPI with the choices as literal types, so that an editor shows them;
`answers.pyi` has the signatures of the functions of one column. A test fails when they are not what the catalog
says.
"""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path
from typing import Any

from tenure.cards import Card, catalog

WIDTH = 106


def class_name(kpi: str) -> str:
    """Name the typed dict of a KPI: `csat_mean` is `CsatMean`."""
    return "".join(word.capitalize() for word in kpi.split("_"))


def literal(names: list[str]) -> str:
    """Write a literal type."""
    return f"Literal[{', '.join(json.dumps(name) for name in names)}]"


def field_type(kind: str | dict[str, Any]) -> str:
    """Write the type of a policy field."""
    if isinstance(kind, str):
        return {
            "flag": "bool",
            "whole": "int | None",
            "scale": "Sequence[int]",
            "window": "str",
            "within": 'int | Literal["ever"] | None',
            "text": "str | None",
            "statistics": "str | Sequence[str]",
        }[kind]
    [(name, options)] = kind.items()
    one = literal([option[0] for option in options])
    return {"choice": one, "choices": f"{one} | list[{one}]", "list": f"list[{one}]"}[name]


def documented(name: str, annotation: str, doc: str) -> str:
    """Write a field and its documentation."""
    lines = textwrap.wrap(doc, WIDTH - 10, break_long_words=False, break_on_hyphens=False)
    end = "" if len(lines) == 1 else "\n    "
    text = "\n    ".join(lines)
    return f'    {name}: {annotation}\n    """{text}{end}"""\n'


def policy_class(card: Card) -> str:
    """Write the typed dict of a KPI's policy."""
    fields = []
    presets = card.policy["presets"]
    if presets:
        doc = f'A named set of choices, which the other fields override. `tenure.explain("{card.id}")` has the sources.'
        fields.append(documented("preset", literal([preset["name"] for preset in presets]), doc))
    fields += [documented(f["name"], field_type(f["type"]), f["doc"]) for f in card.policy["fields"]]
    return (
        f"class {class_name(card.id)}(TypedDict, total=False):\n"
        f'    """The choices of {card.id}. {card.question}"""\n\n' + ("\n".join(fields) or "    pass\n")
    )


def policies() -> str:
    """Write `policies.py`."""
    cards = list(catalog())
    classes = "\n\n".join(policy_class(card) for card in cards)
    names = [class_name(card.id) for card in cards]
    union = " | ".join(["Mapping[str, Any]", *names])
    exported = ", ".join(json.dumps(name) for name in sorted(["Policy", *names]))
    return f'''"""What can be chosen for each KPI, as typed dicts. Written by `python -m tenure._generate`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias, TypedDict


{classes}

Policy: TypeAlias = {union}
"""The policy of any KPI."""

__all__ = [{exported}]
'''


def answers() -> str:
    """Write `answers.pyi`."""
    cards = [card for card in catalog() if card["values"]]
    functions = "\n".join(
        f"def {card.id}(values: Values, /, **policy: Unpack[policies.{class_name(card.id)}]) -> Outcome: ..."
        for card in cards
    )
    exported = ", ".join(json.dumps(name) for name in sorted(card.id for card in cards))
    return f"""# Written by `python -m tenure._generate`; do not edit.
from typing import Unpack

from tenure import policies
from tenure._tenure import Outcome
from tenure.inputs import Values

__all__ = [{exported}]

{functions}
"""


WRITTEN = {"policies.py": policies, "answers.pyi": answers}
"""Every generated file and the function that writes it."""


def main(arguments: list[str]) -> int:
    """Write the files named, or all of them."""
    here = Path(__file__).parent
    for name, text in WRITTEN.items():
        if not arguments or Path(name).stem in arguments:
            (here / name).write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

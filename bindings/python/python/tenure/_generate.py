"""Writes the typed files that follow from the catalog: `python -m tenure._generate`.

`policies` has a typed dict per KPI with the choices as literal types, so that an editor shows them: a module per
family, and one for each set of fields that many policies have. `answers.pyi` has the signatures of the functions of
one column. A test fails when they are not what the catalog says.
"""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Callable
from functools import partial
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
            "number": "float",
            "scale": "Sequence[int]",
            "window": "str",
            "within": 'int | Literal["ever"] | None',
            "text": "str | None",
            "span": "str | None",
            "rolling": "str",
            "names": "str | Sequence[str] | None",
            "ages": "int | Sequence[int]",
            "brackets": "Sequence[Sequence[int]] | None",
            "statistics": "str | Sequence[str]",
            "lifecycle": "str | Lifecycle | Mapping[str, Any]",
        }[kind]
    [(name, options)] = kind.items()
    one = literal([option[0] for option in options])
    return {
        "choice": one,
        "choices": f"{one} | list[{one}]",
        "list": f"list[{one}]",
        "span_or": f"{one} | str | None",
    }[name]


def documented(name: str, annotation: str, doc: str) -> str:
    """Write a field and its documentation."""
    lines = textwrap.wrap(doc, WIDTH - 10, break_long_words=False, break_on_hyphens=False)
    end = "" if len(lines) == 1 else "\n    "
    text = "\n    ".join(lines)
    return f'    {name}: {annotation}\n    """{text}{end}"""\n'


BASES = {
    "stage_choices": ("lifecycle", "stages_from", "impossible", "pauses"),
    "durations": ("statistic", "open", "clock", "off_hours", "schedule"),
    "service_levels": ("metric", "priority_at", "on_target", "solved_closes"),
    "people": ("events", "identity"),
    "funnel": ("steps", "window", "order", "entry", "counting", "grace"),
    "session_cut": ("timeout", "boundary", "cap", "per", "session_ids"),
}
"""The fields that the policies of many KPIs have, all of them together."""


def based_on(base: str) -> list[Card]:
    """Give the KPIs whose policies have all fields of a base."""
    fields = set(BASES[base])
    return [card for card in catalog() if fields.issubset(field["name"] for field in card.policy["fields"])]


def documented_fields(fields: list[dict[str, Any]]) -> list[str]:
    """Write the fields of a policy."""
    return [documented(field["name"], field_type(field["type"]), field["doc"]) for field in fields]


def typed_dict(name: str, base: str, doc: str, fields: list[str]) -> str:
    """Write a typed dict."""
    return f'class {name}({base}, total=False):\n    """{doc}"""\n' + "".join(f"\n{field}" for field in fields)


def policy_class(card: Card) -> str:
    """Write the typed dict of a KPI's policy."""
    bases = [base for base in BASES if card in based_on(base)]
    inherited = {name for base in bases for name in BASES[base]}
    fields = documented_fields([field for field in card.policy["fields"] if field["name"] not in inherited])
    presets = card.policy["presets"]
    if presets:
        doc = f'A named set of choices, which the other fields override. `tenure.explain("{card.id}")` has the sources.'
        fields.insert(0, documented("preset", literal([preset["name"] for preset in presets]), doc))
    base = ", ".join(map(class_name, bases)) or "TypedDict"
    return typed_dict(class_name(card.id), base, f"The choices of {card.id}. {card.question}", fields)


def module(title: str, classes: list[str]) -> str:
    """Write a module of typed dicts, and import what they use."""
    text = "\n\n".join(classes)
    used = {
        "collections.abc": [name for name in ("Mapping", "Sequence") if f"{name}[" in text],
        "typing": [name for name in ("Any", "Literal", "TypedDict") if re.search(rf"\b{name}[\[\],]", text)],
    }
    imports = [f"from {origin} import {', '.join(names)}\n" for origin, names in used.items() if names]
    own = ["from tenure._tenure import Lifecycle\n"] if "| Lifecycle |" in text else []
    own += [
        f"from tenure.policies.{base} import {class_name(base)}\n"
        for base in BASES
        if re.search(rf"^class .*[( ]{class_name(base)}\b.*:$", text, re.MULTILINE)
    ]
    header = "\n".join(filter(None, ["".join(imports), "".join(own)]))
    return f'''"""{title} Written by `python -m tenure._generate`."""

from __future__ import annotations

{header}

{text}'''


def base_module(base: str) -> str:
    """Write the module of a base."""
    doc = f"What the policies of {base.replace('_', ' ')} have in common."
    [fields, *others] = [
        documented_fields([field for field in card.policy["fields"] if field["name"] in BASES[base]])
        for card in based_on(base)
    ]
    if any(other != fields for other in others):
        raise ValueError(f"not all policies of {base} mean the same by {', '.join(BASES[base])}")
    return module(doc, [typed_dict(class_name(base), "TypedDict", doc, fields)])


def family_module(family: str) -> str:
    """Write the module of a family."""
    title = f"What can be chosen for the KPIs of the family {family}, as typed dicts."
    return module(title, [policy_class(card) for card in families()[family]])


def policies() -> str:
    """Write `policies/__init__.py`, which has them all."""
    modules = {base: [class_name(base)] for base in BASES}
    modules |= {family: [class_name(card.id) for card in cards] for family, cards in families().items()}
    imports = "\n".join(
        f"from tenure.policies.{name} import ({lines(sorted(classes))})" for name, classes in sorted(modules.items())
    )
    kpis = [name for family in families() for name in modules[family]]
    union = "\n    | ".join(["Mapping[str, Any]", *kpis])
    exported = sorted(["Policy", *(name for classes in modules.values() for name in classes)])
    return f'''"""What can be chosen for each KPI, as typed dicts. Written by `python -m tenure._generate`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

{imports}

Policy: TypeAlias = (
    {union}
)
"""The policy of any KPI."""

__all__ = [{lines([json.dumps(name) for name in exported])}]
'''


def lines(names: list[str]) -> str:
    """Write names one a line."""
    return "".join(f"\n    {name}," for name in names) + "\n"


def families() -> dict[str, list[Card]]:
    """Give the KPIs of each family."""
    found: dict[str, list[Card]] = {}
    for card in catalog():
        found.setdefault(card.family, []).append(card)
    return found


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


WRITTEN: dict[str, Callable[[], str]] = {
    "policies/__init__.py": policies,
    **{f"policies/{base}.py": partial(base_module, base) for base in BASES},
    **{f"policies/{family}.py": partial(family_module, family) for family in families()},
    "answers.pyi": answers,
}
"""Every generated file and the function that writes it."""


def main(arguments: list[str]) -> int:
    """Write the files whose first name is given, or all of them."""
    here = Path(__file__).parent
    for name, text in WRITTEN.items():
        if not arguments or name.split("/")[0].split(".")[0] in arguments:
            (here / name).parent.mkdir(exist_ok=True)
            (here / name).write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

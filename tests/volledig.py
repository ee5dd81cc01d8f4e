"""How much the tests try: a part of it each time, everything with ``scripts/test --volledig``."""

from __future__ import annotations

import os
from collections.abc import Iterable

import pytest
from _pytest.mark import ParameterSet  # what pytest.param gives; pytest has no public name for it

VOLLEDIG = bool(os.environ.get("UITFASERING_TEST_VOLLEDIG"))


def aantal(gewoon: int, volledig: int) -> int:
    """How many generated examples to try."""
    return volledig if VOLLEDIG else gewoon


def steekproef(parameters: Iterable[object], elke: int) -> list[ParameterSet]:
    """Of the parameters of a test the first and every ``elke``-th on; the others marked lang."""
    return [
        param if nummer % elke == 0 else _lang(param)
        for nummer, param in enumerate(map(_als_parameter, parameters))
    ]


def _als_parameter(parameter: object) -> ParameterSet:
    return parameter if isinstance(parameter, ParameterSet) else pytest.param(parameter)


def _lang(param: ParameterSet) -> ParameterSet:
    return pytest.param(*param.values, marks=[*param.marks, pytest.mark.lang], id=param.id)

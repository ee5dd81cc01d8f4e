"""Pages from the templates in ``sjablonen/``; what is filled in is always escaped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def html_sjabloon(naam: str, **filters: Callable[..., Any]) -> Template:
    """The HTML template with this file name, and the filters it uses."""
    sjablonen = Environment(
        loader=PackageLoader("uitfasering", "sjablonen"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sjablonen.filters.update(filters)
    return sjablonen.get_template(naam)

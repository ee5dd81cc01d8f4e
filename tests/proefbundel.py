"""A small throw-away bundle, so that the transport is tested on a real OPA whatever we decide.

Its besluit is valid by the schema, and its ``tekst`` is the input exactly as OPA got it.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from uitfasering import paths

HERKOMST = "proef"
REGO = """\
package uitfasering

# METADATA
# entrypoint: true
besluit := antwoord(input)

# METADATA
# entrypoint: true
besluiten := {k: antwoord(t) | some k, t in input.toewijzingen}

antwoord(t) := {
	"uitkomst": "TOEGESTAAN",
	"bevindingen": [{
		"regel": "B1-13",
		"gevolg": "INFO",
		"norm": "informatie",
		"geadresseerde": "gemeente",
		"tekst": json.marshal(t),
		"citaat": "citaat",
		"brief": "2021-05-06",
		"lezing": null,
		"oplossing": null,
		"velden": ["product.code"],
	}],
	"ontbreekt": [],
	"uiterste_einddatum": null,
	"voorstel": null,
	"voorlopig": false,
	"herkomst": "proef",
}
"""


def build(folder: Path, rego: str = REGO) -> Path:
    """A bundle of one Rego file, built by OPA itself."""
    stage = folder / "stage"
    stage.mkdir()
    (stage / "besluit.rego").write_text(rego, "utf-8")
    (stage / ".manifest").write_text('{"revision": "proef", "roots": [""]}', "utf-8")
    bundle = folder / "proef.tar.gz"
    command = [str(paths.opa_binary()), "build", "--output", str(bundle), "--bundle", "."]
    subprocess.run(command, cwd=stage, check=True, capture_output=True, timeout=60)
    return bundle

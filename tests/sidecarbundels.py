"""A second revision of the agreements, and bundles that a sidecar must refuse."""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import io
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uitfasering import toegang
from uitfasering.bundel import BUNDEL
from uitfasering.paths import opa_binary
from uitfasering.sidecarmap import Sidecarmap

AFSPRAKEN = BUNDEL.name
TOEGANG = toegang.BUNDEL
REVISIE = "tweede"
HANDTEKENING = ".signatures.json"

# In both revisions another uitkomst (a municipality's choice, in the data) and another
# ``voorlopig`` (in the Rego), so that a mixture of two revisions shows.
LOPEND: dict[str, Any] = {
    "handeling": "lopend",
    "gemeente": "0193",
    "toewijzingsdatum": "2021-04-01",
    "ingangsdatum": "2021-04-01",
    "einddatum": "2022-06-30",
    "product": {"segment": "midden", "perspectief": "duurzaam", "profiel": 3},
}
EERSTE_ANTWOORD = ("AFLOPEN", False)
TWEEDE_ANTWOORD = ("OMZETTEN", True)


# Ask for bundles all the time; with Bundelserver.traag not too often.
SNEL = [
    f"--set=bundles.{bundel}.polling.{grens}_delay_seconds=0"
    for bundel in ("uitfasering", "toegang")
    for grens in ("min", "max")
]


def zet(pad: Path, inhoud: bytes | None) -> None:
    """Put this in place of a file at once, as our commands do; None: no file."""
    if inhoud is None:
        pad.unlink()
        return
    temporary = pad.with_suffix(".nieuw")
    temporary.write_bytes(inhoud)
    temporary.replace(pad)


def antwoord(besluit: Mapping[str, Any]) -> tuple[str, bool]:
    return besluit["uitkomst"], besluit["voorlopig"]


def lees(bundel: bytes) -> dict[str, bytes]:
    """The files of a bundle, without the leading ``/``."""
    with tarfile.open(fileobj=io.BytesIO(bundel)) as archive:
        files = {m.name: archive.extractfile(m) for m in archive.getmembers()}
        return {name.lstrip("/"): file.read() for name, file in files.items() if file}


def pak_in(bestanden: Mapping[str, bytes], extra: Mapping[str, bytes] | None = None) -> bytes:
    """A bundle of these files as they are; ``extra`` come after them, also under the same name."""
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w:gz") as archive:
        for name, content in [*bestanden.items(), *(extra or {}).items()]:
            member = tarfile.TarInfo(f"/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return output.getvalue()


def teken(bestanden: Mapping[str, bytes], sleutel: Path) -> bytes:
    """These files as a signed bundle, whatever is in them (``opa build`` would look at it)."""
    kept = {name: content for name, content in bestanden.items() if name != HANDTEKENING}
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder)
        for name, content in kept.items():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            (stage / name).write_bytes(content)
        command = [str(opa_binary()), "sign", "--bundle", ".", "--signing-alg", "ES256"]
        command += ["--signing-key", str(sleutel.resolve())]
        subprocess.run(command, cwd=stage, check=True, capture_output=True, timeout=60)
        return pak_in(kept, {HANDTEKENING: (stage / HANDTEKENING).read_bytes()})


def met_json(bestanden: Mapping[str, bytes], naam: str, **waarden: Any) -> dict[str, bytes]:
    """These files with some keys of a JSON file changed."""
    content = {**json.loads(bestanden[naam]), **waarden}
    return {**bestanden, naam: json.dumps(content).encode()}


def tweede_revisie(eerste: bytes) -> dict[str, bytes]:
    """The files of other agreements, not signed: revision ``REVISIE``."""
    files = met_json(lees(eerste), ".manifest", revision=REVISIE)
    gegevens = json.loads(files["data.json"])["gegevens"]
    gegevens["revisie"] = REVISIE
    gegevens["keuzes"]["aflopen"].remove("0193")
    gegevens["keuzes"]["omzetten"].append("0193")
    rego = files["uitfasering/besluit.rego"]
    old = b'"voorlopig": "B2-12a" in afspraken.van_toepassing'
    assert rego.count(old) == 1
    files["uitfasering/besluit.rego"] = rego.replace(old, b'"voorlopig": true')
    return {**files, "data.json": json.dumps({"gegevens": gegevens}).encode()}


def nieuwe_sleutel(doel: Path) -> Path:
    """A private key, EC P-256."""
    command = ["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
    subprocess.run([*command, "-out", str(doel)], check=True, capture_output=True, timeout=60)
    return doel


@dataclass(frozen=True)
class Namaak:
    """What the bundles are made from that must be refused.

    Attributes:
        afspraken: ``tweede_revisie``, rightly signed.
        toegang: a right token bundle that lets ``indringer`` in.
    """

    sidecar: Sidecarmap
    afspraken: bytes
    toegang: bytes
    indringer: str

    @classmethod
    def bij(cls, sidecar: Sidecarmap) -> Namaak:
        """Made from what is in this folder; leaves it as it is."""
        second = tweede_revisie((sidecar.bundels / AFSPRAKEN).read_bytes())
        token = toegang.nieuw_token()
        row = {"sha256": toegang.sha256(token), "rechten": ["besluit", "metrics"]}
        content = {"toegang": toegang.document({"indringer": row}, None)}
        manifest = {"revision": "indringer", "roots": ["toegang"], "rego_version": 1}
        access = {
            ".manifest": json.dumps(manifest).encode(),
            "data.json": json.dumps(content).encode(),
        }
        return cls(
            sidecar,
            teken(second, sidecar.geheim / "afspraken.key"),
            teken(access, sidecar.geheim / "toegang.key"),
            token,
        )

    def sleutel(self, naam: str) -> Path:
        return self.sidecar.geheim / f"{naam}.key"

    def zelf_getekend(self, kop: Mapping[str, str], bundel: bytes, teken: bool) -> bytes:
        """Signed without the private key: "none", or HMAC with the public key as the secret."""
        files = lees(bundel)
        payload = json.loads(files[HANDTEKENING])["signatures"][0].split(".")[1]
        signed = f"{_base64(json.dumps(kop).encode())}.{payload}"
        secret = (self.sidecar.sleutels / "afspraken.pub").read_bytes()
        signature = hmac.digest(secret, signed.encode(), hashlib.sha256) if teken else b""
        token = f"{signed}.{_base64(signature)}"
        return pak_in(met_json(files, HANDTEKENING, signatures=[token]))


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _zonder(bestanden: dict[str, bytes], naam: str) -> dict[str, bytes]:
    assert naam in bestanden
    return {name: content for name, content in bestanden.items() if name != naam}


_REGO = "uitfasering/besluit.rego"
_EXTRA = {"uitfasering/extra.rego": b"package uitfasering\n\nextra := 1\n"}
_DELTA = {
    ".manifest": b'{"revision": "tweede", "roots": ["gegevens"]}',
    "patch.json": b'{"data": [{"op": "replace", "path": "/gegevens/revisie", "value": "tweede"}]}',
}

# Name -> what to serve as the agreements (None: nothing), and a part of what OPA says of it.
AFSPRAKEN_NAMAAK: dict[str, tuple[Callable[[Namaak], bytes | None], str]] = {
    "niet ondertekend": (
        lambda n: pak_in(_zonder(lees(n.afspraken), HANDTEKENING)),
        "bundle missing .signatures.json file",
    ),
    "data veranderd": (
        lambda n: pak_in(met_json(lees(n.afspraken), "data.json", extra=1)),
        "data.json: digest mismatch",
    ),
    "regel veranderd": (
        lambda n: pak_in({**lees(n.afspraken), _REGO: lees(n.afspraken)[_REGO] + b"#"}),
        "besluit.rego: digest mismatch",
    ),
    "manifest veranderd": (
        lambda n: pak_in(met_json(lees(n.afspraken), ".manifest", roots=[""])),
        ".manifest: digest mismatch",
    ),
    "bestand erbij": (
        lambda n: pak_in({**lees(n.afspraken), **_EXTRA}),
        "extra.rego not included in bundle signature",
    ),
    "bestand twee keer": (
        lambda n: pak_in(lees(n.afspraken), {"data.json": b'{"gegevens": {}}'}),
        "data.json not included in bundle signature",
    ),
    "bestand eruit": (
        lambda n: pak_in(_zonder(lees(n.afspraken), _REGO)),
        "specified in bundle signatures but not found",
    ),
    "twee handtekeningen": (
        lambda n: pak_in(met_json(lees(n.afspraken), HANDTEKENING, signatures=["a.b.c", "a.b.c"])),
        "multiple JWTs not supported",
    ),
    "vreemde sleutel": (
        lambda n: teken(lees(n.afspraken), nieuwe_sleutel(n.sleutel("vreemd"))),
        "failed to verify JWT signature",
    ),
    "sleutel van de toegang": (
        lambda n: teken(lees(n.afspraken), n.sleutel("toegang")),
        "failed to verify JWT signature",
    ),
    "publieke sleutel als geheim": (
        lambda n: n.zelf_getekend({"alg": "HS256"}, n.afspraken, True),
        "failed to verify JWT signature",
    ),
    "handtekening none": (
        lambda n: n.zelf_getekend({"alg": "none"}, n.afspraken, False),
        "failed to verify JWT signature",
    ),
    "verschil op een bundel": (
        lambda n: pak_in(_DELTA),
        "delta bundles do not support signature verification",
    ),
    "toegang als afspraken": (lambda n: n.toegang, "failed to verify JWT signature"),
    "afgekapt bestand": (lambda n: n.afspraken[: len(n.afspraken) // 2], "unexpected EOF"),
    "leeg": (lambda n: b"", "EOF"),
    "leeg archief": (lambda n: pak_in({}), "bundle missing .signatures.json file"),
    "een webpagina": (lambda n: b"<html>" * 50, "gzip: invalid header"),
    "geen archief": (lambda n: gzip.compress(b"x" * 2000), "invalid tar header"),
    "te groot": (
        lambda n: pak_in(lees(n.afspraken), {"groot/data.json": b" " * (16 << 20) + b"{}"}),
        "exceeds configured size_limit_bytes",
    ),
    "er niet": (lambda n: None, "server replied with Not Found"),
}

# The same for the tokens; each would let ``indringer`` in.
TOEGANG_NAMAAK: dict[str, tuple[Callable[[Namaak], bytes | None], str]] = {
    "niet ondertekend": (
        lambda n: pak_in(_zonder(lees(n.toegang), HANDTEKENING)),
        "bundle missing .signatures.json file",
    ),
    "token erbij": (
        lambda n: pak_in(met_json(lees(n.toegang), "data.json", extra=1)),
        "data.json: digest mismatch",
    ),
    "sleutel van de afspraken": (
        lambda n: teken(lees(n.toegang), n.sleutel("afspraken")),
        "failed to verify JWT signature",
    ),
    "afspraken als toegang": (lambda n: n.afspraken, "failed to verify JWT signature"),
    "met de afspraken erbij": (
        lambda n: teken({**lees(n.afspraken), **_samen(n)}, n.sleutel("toegang")),
        "detected overlapping roots",
    ),
    "met een eigen authz": (
        lambda n: teken(
            {
                **met_json(lees(n.toegang), ".manifest", roots=["toegang", "system/authz"]),
                "system/authz/a.rego": b"package system.authz\n\nallow := true\n",
            },
            n.sleutel("toegang"),
        ),
        "detected overlapping roots",
    ),
    "een authz buiten de wortel": (
        lambda n: teken(
            {
                **lees(n.toegang),
                "system/authz/a.rego": b"package system.authz\n\nallow := true\n",
            },
            n.sleutel("toegang"),
        ),
        "",
    ),
}


def _samen(namaak: Namaak) -> dict[str, bytes]:
    """The data and the manifest of one bundle with both."""
    both = [json.loads(lees(b)["data.json"]) for b in (namaak.afspraken, namaak.toegang)]
    manifest = json.loads(lees(namaak.afspraken)[".manifest"])
    return {
        "data.json": json.dumps({**both[0], **both[1]}).encode(),
        ".manifest": json.dumps({**manifest, "roots": [*manifest["roots"], "toegang"]}).encode(),
    }

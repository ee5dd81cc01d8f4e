"""The client over TLS: which certificates it takes, and which it gives."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest

from clienthulp import ANSWER, VALID
from storingsserver import Connection, always, not_http, serving
from uitfasering import errors
from uitfasering.client import Client


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two self-signed certificates for 127.0.0.1: a.pem and b.pem, with their keys."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make certificates with")
    folder = tmp_path_factory.mktemp("tls")
    for name in ("a", "b"):
        command = [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=proef", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", f"{name}.key", "-out", f"{name}.pem"),
        ]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
    return folder


@pytest.fixture(scope="module")
def by_date(certificates: Path) -> Path:
    """As a.pem, but valid in other years: expired.pem and future.pem, with the key of a."""
    config = """\
[ca]
default_ca = ours
[ours]
database = index.txt
serial = serial.txt
new_certs_dir = .
default_md = sha256
policy = any
x509_extensions = name
[any]
commonName = supplied
[name]
subjectAltName = IP:127.0.0.1
"""
    (certificates / "ca.cnf").write_text(config)
    request = "openssl req -new -key a.key -subj /CN=proef -out a.csr"
    subprocess.run(request.split(), cwd=certificates, check=True, capture_output=True, timeout=60)
    for name, start, end in (("expired", 2020, 2021), ("future", 2090, 2091)):
        (certificates / "index.txt").write_text("")
        command = [
            *("openssl", "ca", "-config", "ca.cnf", "-batch", "-notext", "-selfsign"),
            *("-keyfile", "a.key", "-in", "a.csr", "-out", f"{name}.pem", "-create_serial"),
            *("-startdate", f"{start}0101000000Z", "-enddate", f"{end}0101000000Z"),
        ]
        subprocess.run(command, cwd=certificates, check=True, capture_output=True, timeout=60)
    return certificates


class TestTls:
    @pytest.fixture
    def tls(self, certificates: Path) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates / "a.pem", certificates / "a.key")
        return context

    def ask(self, url: str, **settings: Any) -> str:
        with Client(url, **settings) as ours:
            return ours.besluit(VALID).uitkomst

    def test_the_right_ca(self, tls: ssl.SSLContext, certificates: Path) -> None:
        with serving(always(200, ANSWER), tls=tls) as server:
            assert self.ask(server.url, ca_bundle=certificates / "a.pem") == "TOEGESTAAN"

    @pytest.mark.parametrize("ca", ["b.pem", None])
    def test_another_ca_or_none(
        self,
        tls: ssl.SSLContext,
        certificates: Path,
        ca: str | None,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates / "a.pem"))
        file = certificates / ca if ca else None
        with (
            serving(always(200, ANSWER), tls=tls) as server,
            pytest.raises(errors.ConnectionFailed, match="CA-certificaat"),
        ):
            self.ask(server.url, ca_bundle=file)
        assert server.connections == 1

    def test_another_name_than_in_the_certificate(
        self, tls: ssl.SSLContext, certificates: Path
    ) -> None:
        with (
            serving(always(200, ANSWER), tls=tls) as server,
            pytest.raises(errors.ConnectionFailed, match="is van een ander adres"),
        ):
            self.ask(server.url.replace("127.0.0.1", "localhost"), ca_bundle=certificates / "a.pem")
        assert server.connections == 1

    @pytest.mark.parametrize(
        ("name", "text"), [("expired", "is verlopen"), ("future", "is nog niet geldig")]
    )
    def test_not_valid_today(self, by_date: Path, name: str, text: str) -> None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(by_date / f"{name}.pem", by_date / "a.key")
        with (
            serving(always(200, ANSWER), tls=tls) as server,
            pytest.raises(errors.ConnectionFailed, match=text),
        ):
            self.ask(server.url, ca_bundle=by_date / f"{name}.pem")
        assert server.connections == 1

    def test_https_to_a_server_without_tls(self) -> None:
        with (
            serving(not_http) as server,
            pytest.raises(errors.ConnectionFailed, match="met http of https zoals het hoort"),
        ):
            self.ask(server.url.replace("http", "https"))
        assert server.connections == 1

    def test_http_to_a_server_with_tls(self, tls: ssl.SSLContext) -> None:
        with serving(not_http, tls=tls) as server, pytest.raises(errors.ConnectionFailed):
            self.ask(server.url.replace("https", "http"))

    def test_a_server_that_goes_away_is_not_a_wrong_certificate(self, certificates: Path) -> None:
        def leaves(connection: Connection) -> None:
            connection.sock.recv(4096)  # the client's half of the handshake

        with (
            serving(leaves) as server,
            pytest.raises(errors.ConnectionFailed, match="of die brak af"),
        ):
            self.ask(server.url.replace("http", "https"), ca_bundle=certificates / "a.pem")
        assert server.connections == 2  # once more, as after every connection that breaks off

    def test_a_ca_file_that_holds_something_else(self, tls: ssl.SSLContext, tmp_path: Path) -> None:
        (tmp_path / "ca.pem").write_text("dit is geen certificaat")
        with (
            serving(always(200, ANSWER), tls=tls) as server,
            pytest.raises(errors.ConnectionFailed, match="certificaatbestand"),
        ):
            self.ask(server.url, ca_bundle=tmp_path / "ca.pem")
        assert server.connections == 0

    def test_a_key_with_a_password(self, certificates: Path, tmp_path: Path) -> None:
        """Nobody is asked for it on the terminal."""
        command = ["openssl", "rsa", "-aes128", "-passout", "pass:geheim"]
        command += ["-in", str(certificates / "b.key"), "-out", str(tmp_path / "b.key")]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        pair = (certificates / "b.pem", tmp_path / "b.key")
        with pytest.raises(errors.ConnectionFailed, match="zonder wachtwoord"):
            Client("https://localhost", ca_bundle=certificates / "a.pem", client_cert=pair)

    def test_the_keys_of_a_connection_are_not_written_down(
        self,
        tls: ssl.SSLContext,
        certificates: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
        with serving(always(200, ANSWER), tls=tls) as server:
            assert self.ask(server.url, ca_bundle=certificates / "a.pem") == "TOEGESTAAN"
        assert not (tmp_path / "keys").exists()

    def test_a_client_certificate(self, tls: ssl.SSLContext, certificates: Path) -> None:
        tls.load_verify_locations(certificates / "b.pem")
        tls.verify_mode = ssl.CERT_REQUIRED
        ca = certificates / "a.pem"
        pair = (certificates / "b.pem", certificates / "b.key")
        with serving(always(200, ANSWER), tls=tls) as server:
            assert self.ask(server.url, ca_bundle=ca, client_cert=pair) == "TOEGESTAAN"
            with pytest.raises(errors.ConnectionFailed):
                self.ask(server.url, ca_bundle=ca)

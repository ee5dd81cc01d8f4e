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
            pytest.raises(errors.ConnectionFailed, match="certificaat"),
        ):
            self.ask(server.url.replace("127.0.0.1", "localhost"), ca_bundle=certificates / "a.pem")

    def test_https_to_a_server_without_tls(self) -> None:
        with serving(not_http) as server, pytest.raises(errors.ConnectionFailed):
            self.ask(server.url.replace("http", "https"))

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
            pytest.raises(errors.ConnectionFailed),
        ):
            self.ask(server.url, ca_bundle=tmp_path / "ca.pem")

    def test_a_client_certificate(self, tls: ssl.SSLContext, certificates: Path) -> None:
        tls.load_verify_locations(certificates / "b.pem")
        tls.verify_mode = ssl.CERT_REQUIRED
        ca = certificates / "a.pem"
        pair = (certificates / "b.pem", certificates / "b.key")
        with serving(always(200, ANSWER), tls=tls) as server:
            assert self.ask(server.url, ca_bundle=ca, client_cert=pair) == "TOEGESTAAN"
            with pytest.raises(errors.ConnectionFailed):
                self.ask(server.url, ca_bundle=ca)

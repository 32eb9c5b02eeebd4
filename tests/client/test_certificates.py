"""Over https a token goes to nobody but who can prove to be the house."""

import ssl
import subprocess
from pathlib import Path

import pytest
from tests.client.loopback import PAPER, saying, saying_house

from broadsheet import Client, Unavailable

TOKEN = "bst_" + "x" * 40


@pytest.fixture(scope="module", params=["IP:127.0.0.1", "DNS:papers.example"], ids=["ours", "another's"])
def certificate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, bool]:
    """A certificate that nobody knows yet, its key, and whether it is for where the house stands."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=house.test -keyout {key} -out {cert}"
    try:
        subprocess.run(
            [*command.split(), "-addext", f"subjectAltName={request.param}"], check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("openssl is not installed")
    return cert, key, request.param.startswith("IP")


def test_only_a_known_certificate_for_the_address_is_spoken_to(
    certificate: tuple[Path, Path, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, key, is_ours = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    waits: list[float] = []
    with saying_house(saying(PAPER), secured=context) as house:
        with Client(house.url, TOKEN, wait=waits.append) as client, pytest.raises(Unavailable, match="no valid cert"):
            client.paper("1")
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        with Client(house.url, TOKEN, wait=waits.append) as client:
            if is_ours:
                assert (client.paper("1").id, client.paper("2").id) == ("2603.01001", "2603.01001")
            else:
                with pytest.raises(Unavailable, match="no valid certificate"):
                    client.paper("1")
    assert (len(house.asked), waits) == (2 if is_ours else 0, [])

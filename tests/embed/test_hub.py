"""A model is fetched from the hub once, only what is needed of it; the hub here is a server on loopback."""

import hashlib
import json
import shutil
import socket
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from tests.embed import tiny_models

from broadsheet.embed import onnx
from broadsheet.embed.hub import Reference, fetch, read_reference
from broadsheet.embed.onnx import open_onnx
from broadsheet.errors import Invalid, Unavailable

COMMIT = "0123456789abcdef0123456789abcdef01234567"
NAME = "someone/tiny-model"


class Hub(ThreadingHTTPServer):
    """Holds one model, as the hub's API tells of it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Keep quiet."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hub

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.server.asked.append(path)
        api, known, file = path.partition(f"/{NAME}")
        if known and api == "/api/models" and file in {"", f"/revision/{COMMIT}", "/revision/v1"}:
            names = sorted(p.relative_to(self.server.folder).as_posix() for p in self.server.folder.rglob("*.*"))
            told = {"id": NAME, "sha": COMMIT, "siblings": [{"rfilename": name} for name in names]}
            self.say(200, json.dumps(told).encode())
        elif file.startswith(f"/resolve/{COMMIT}/"):
            raw = (self.server.folder / file.removeprefix(f"/resolve/{COMMIT}/")).read_bytes()
            self.say(200, raw, ETag=f'"{hashlib.sha1(raw, usedforsecurity=False).hexdigest()}"')
        elif file.startswith("/revision/"):
            self.say(404, b"{}", **{"X-Error-Code": "RevisionNotFound"})
        elif api == "/api/models/gated/model":
            self.say(403, b"{}", **{"X-Error-Code": "GatedRepo"})
        else:
            self.say(404, b"{}", **{"X-Error-Code": "RepoNotFound"})

    do_HEAD = do_GET  # noqa: N815 - named by the server

    def say(self, status: int, raw: bytes, **headers: str) -> None:
        self.send_response(status)
        told = {"Content-Length": str(len(raw)), "Content-Type": "application/json", "X-Repo-Commit": COMMIT}
        for name, value in (told | headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    folder = tiny_models.write(tmp_path / "offered", tiny_models.Tiny(quantised=True))
    (folder / "model.safetensors").write_bytes(b"not needed")
    with Hub(folder) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_only_what_is_needed_is_fetched_and_only_once(hub: Hub, tmp_path: Path) -> None:
    folder = fetch(Reference(NAME, None), tmp_path / "cache", hub.url)
    told = json.loads((folder / "fetched.json").read_text("utf-8"))
    assert told["revision"] == COMMIT
    assert {"onnx/model_quantized.onnx", "tokenizer.json", "1_Pooling/config.json"} <= set(told["files"])
    assert not (folder / "onnx/model.onnx").exists()
    assert not (folder / "model.safetensors").exists()
    hub.asked.clear()
    assert fetch(Reference(NAME, None), tmp_path / "cache", hub.url) == folder
    assert hub.asked == []


def test_a_fetch_that_broke_off_goes_on(hub: Hub, tmp_path: Path) -> None:
    folder = fetch(Reference(NAME, None), tmp_path / "cache", hub.url)
    (folder / "fetched.json").unlink()
    (folder / "tokenizer.json").unlink()
    assert (fetch(Reference(NAME, None), tmp_path / "cache", hub.url) / "tokenizer.json").exists()


def test_a_fetch_that_cannot_be_noted_is_unavailable(hub: Hub, tmp_path: Path) -> None:
    folder = fetch(Reference(NAME, None), tmp_path / "cache", hub.url)
    (folder / "fetched.json").unlink()
    (folder / "fetched.json").mkdir()
    with pytest.raises(Unavailable, match="cannot be written"):
        fetch(Reference(NAME, None), tmp_path / "cache", hub.url)


def test_a_model_of_the_hub_embeds_like_the_same_folder(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx, "fetch", lambda wanted, cache: fetch(wanted, cache, hub.url))
    cache = tmp_path / "cache"
    fetched = open_onnx(f"{NAME}@v1", cache=cache)
    assert fetched.name == f"onnx:{NAME}"
    assert fetched.version == open_onnx(str(hub.folder), cache=cache).version
    shutil.rmtree(hub.folder)
    assert open_onnx(f"{NAME}@v1", cache=cache).version == fetched.version


@pytest.mark.parametrize(
    ("wanted", "complaint"),
    [
        (Reference("someone/else", None), "has no someone/else"),
        (Reference(NAME, "v9"), f"has no {NAME} at v9"),
        (Reference("gated/model", None), "open only to those"),
    ],
)
def test_what_the_hub_does_not_give_is_said(hub: Hub, tmp_path: Path, wanted: Reference, complaint: str) -> None:
    with pytest.raises(Invalid, match=complaint):
        fetch(wanted, tmp_path / "cache", hub.url)


def test_a_model_without_a_network_in_onnx_is_refused(hub: Hub, tmp_path: Path) -> None:
    shutil.rmtree(hub.folder / "onnx")
    with pytest.raises(Invalid, match="no network in ONNX"):
        fetch(Reference(NAME, None), tmp_path / "cache", hub.url)


def test_a_hub_that_cannot_be_reached_is_unavailable_and_says_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(Unavailable, match="put the model's files in a folder"):
        fetch(Reference(NAME, None), tmp_path / "cache", f"http://127.0.0.1:{port}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BAAI/bge-small-en-v1.5", Reference("BAAI/bge-small-en-v1.5", None)),
        ("someone/model@v1.0", Reference("someone/model", "v1.0")),
    ],
)
def test_a_name_on_the_hub_may_say_a_revision(text: str, expected: Reference) -> None:
    assert read_reference(text) == expected


@pytest.mark.parametrize(
    "text", ["", "model", "a/b/c", "a/b@", "a/..", "../b", "a/b@../c", "a b/c", "a/b\n", "http://a/b"]
)
def test_what_is_no_name_on_the_hub_is_invalid(text: str) -> None:
    with pytest.raises(Invalid) as raised:
        read_reference(text)
    assert raised.value.field == "embedder"


def test_without_the_extra_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(Unavailable, match=r'pip install "broadsheet\[onnx\]"'):
        fetch(Reference(NAME, None), tmp_path)

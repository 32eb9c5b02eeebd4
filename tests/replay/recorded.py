"""Answers from a folder: ``answers.json`` maps ``/path?query`` to what is answered, a file beside it or a status."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from tests.replay.site import Reply, Request


@dataclass(frozen=True, slots=True)
class Recorded:
    """A site that says what was recorded: ``{"/feed?page=1": {"file": "one.xml", "kind": "text/xml"}, ...}``.

    ``status`` and ``headers`` may stand beside; what was not recorded is not found.
    """

    folder: Path

    def answer(self, request: Request, at: datetime, twist: str = "") -> Reply:
        """Answer what was recorded for exactly this address."""
        asked = f"{request.path}?{urlencode(request.query)}".rstrip("?")
        told = json.loads((self.folder / "answers.json").read_text("utf-8")).get(asked)
        if told is None:
            return Reply(b"Nothing was recorded here.", status=404)
        body = (self.folder / told["file"]).read_bytes() if "file" in told else b""
        return Reply(
            body, told.get("kind", "application/octet-stream"), told.get("status", 200), told.get("headers", {})
        )

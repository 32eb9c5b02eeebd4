"""Fetches a model from the hub once; from then on it is a folder on this machine."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from broadsheet.embed.model_folder import EXTRA_MISSING, FIELD, features, needed_files
from broadsheet.errors import Invalid, Unavailable

_NAME = re.compile(r"(?P<model>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(?:@(?P<revision>[A-Za-z0-9][\w.-]*))?", re.ASCII)
_DONE = "fetched.json"
_ANSWER_S = 10.0


@dataclass(frozen=True, slots=True)
class Reference:
    """A model on the hub; without a ``revision`` the newest at the time it is fetched."""

    model: str
    revision: str | None


def read_reference(text: str) -> Reference:
    """Read ``owner/model`` or ``owner/model@revision``; raises Invalid for anything else."""
    found = _NAME.fullmatch(text)
    if found is None or ".." in text:
        raise Invalid(
            f"{text!r} is no model on the hub as in owner/model; a folder begins with / or . or ~.", field=FIELD
        )
    return Reference(found["model"], found["revision"])


def fetch(wanted: Reference, cache: Path, endpoint: str | None = None) -> Path:
    """Give the folder in ``cache`` that holds the model, fetching what is needed of it where it is not there yet.

    ``fetched.json`` in it is written last and names the revision (a commit) and the files. Raises Unavailable when the
    hub cannot be reached, the extra is missing or the folder cannot be written, Invalid when the hub has no such model
    or the model no network in ONNX.
    """
    folder = cache / f"{wanted.model}@{wanted.revision or 'newest'}".replace("/", "--")
    if (folder / _DONE).is_file():
        return folder
    try:
        from huggingface_hub import HfApi, hf_hub_download  # noqa: PLC0415 - an extra
        from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError  # noqa: PLC0415
    except ImportError as error:
        raise Unavailable(EXTRA_MISSING) from error
    try:
        info = HfApi(endpoint=endpoint).model_info(wanted.model, revision=wanted.revision, timeout=_ANSWER_S)
        files = needed_files((file.rfilename for file in info.siblings or ()), features())
        for name in files:
            hf_hub_download(
                wanted.model, name, revision=info.sha, local_dir=folder, endpoint=endpoint, etag_timeout=_ANSWER_S
            )
    except GatedRepoError as error:
        raise Invalid(f"{wanted.model} is open only to those whom its owner lets in.", field=FIELD) from error
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        raise Invalid(f"The hub has no {wanted.model} at {wanted.revision or 'all'}.", field=FIELD) from error
    except Exception as error:  # what can go wrong on the way is of many libraries
        raise Unavailable(
            f"{wanted.model} cannot be fetched ({type(error).__name__}). Try again when the hub can be reached, or put "
            "the model's files in a folder and name that."
        ) from error
    if not files:
        raise Invalid(f"{wanted.model} has no network in ONNX.", field=FIELD)
    _note(folder / _DONE, {"model": wanted.model, "revision": info.sha, "files": files})
    return folder


def _note(path: Path, told: dict[str, object]) -> None:
    try:
        path.write_text(json.dumps(told), "utf-8")
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}.") from error

"""Settings: one frozen dataclass, read once, environment over TOML, an unknown key is an error."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from broadsheet.errors import Invalid

_PREFIX = "BROADSHEET_"
_FILE = "broadsheet.toml"
# In the environment beside settings: where a program finds a house (client/) and whose token it has, which an agent's
# process alone is given too (cli/mcp_.py).
_BESIDE = frozenset({"token", "url"})
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_NUMBERS = {int: "a whole number", float: "a number"}


def _setting(default: object, help_: str, *, unit: str = "", secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"help": help_, "unit": unit, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an operator can set; each field's metadata holds ``help``, ``unit`` and ``secret``."""

    home: Path = _setting(Path(), "The one folder that holds all state.")
    database_url: str = _setting(
        "", "Where papers are kept; empty means SQLite in the home folder. postgresql:// for a community.", secret=True
    )
    host: str = _setting("127.0.0.1", "The address the web server listens on.")
    port: int = _setting(8000, "The port the web server listens on; 0 picks a free one.")
    site_name: str = _setting("Broadsheet", "The name at the top of every page.")
    search_deadline_ms: int = _setting(300, "How long one search may take before it answers with less.", unit="ms")
    index_memory_mb: int = _setting(256, "How much memory the word index may use while writing.", unit="MB")
    embedder: str = _setting(
        "",
        "Who places papers by meaning: empty for the bundled model; `onnx:` and a folder, a file or a name on the hub; "
        "or the http(s):// address of an OpenAI-compatible endpoint.",
    )
    embedder_model: str = _setting("", "The model that the endpoint shall use.")
    embedder_key: str = _setting("", "The key that the endpoint asks for.", secret=True)
    embedder_edition: str = _setting(
        "", "Your own word for the state of the endpoint's model; a new word has every paper embedded anew."
    )
    embedder_weight: float = _setting(
        0.5, "How much meaning counts beside words with that embedder, 0 to 1, until a self-test finds better."
    )
    contact: str = _setting(
        "", "Where services that are harvested can reach you: a mail address or a page. Many ask for one."
    )
    private_addresses: bool = _setting(
        default=False,
        help_="Whether sources and webhooks may be at private addresses, such as a repository in your own network.",
    )
    addresses: str = _setting(
        "",
        "Other addresses for services, such as a mirror: `arxiv-oai=https://mirror.example/oai`, with spaces between.",
    )
    openalex_key: str = _setting(
        "", "A key for OpenAlex, which answers many more questions a day with one; free ones do.", secret=True
    )
    github_token: str = _setting(
        "", "A token for GitHub, which answers 5,000 questions an hour with one and 60 without.", secret=True
    )
    log_format: str = _setting("text", "How lines of the log are written: text (key=value) or json.")
    alert_after_h: float = _setting(
        24.0,
        "For how long a source may fail or be late before you are told; what is refused is told at once.",
        unit="h",
    )
    alert_mail: str = _setting("", "Where notices about sources in trouble are mailed to; empty for nowhere.")
    websub_hub: str = _setting(
        "",
        "The http(s):// address of a WebSub hub that is told when the daily page or what trends has changed, so that "
        "feed readers learn of it at once; takes a `public_url`.",
    )
    alert_webhook: str = _setting("", "An http(s):// address that such notices are posted to as JSON.", secret=True)
    smtp_url: str = _setting(
        "",
        "The mail server: `smtp://user:password@host:587`, which is encrypted when the server can, or `smtps://`. "
        "Without one, mails are written to `outbox` in the home folder.",
        secret=True,
    )
    mail_through: str = _setting(
        "",
        "How mails leave: empty for `smtp_url`, or files in `outbox` where that is empty too; `folder:/path` and "
        "`maildir:/path` for another folder; `sendmail:/usr/sbin/sendmail` for the machine's own mail server; or "
        "`service:` and a mail service, such as `service:postmark`; see docs/digests.md.",
    )
    mail_service_keys: str = _setting(
        "",
        "What the mail service asks for, by its names: `POSTMARK_SERVER_TOKEN=…`, with spaces between.",
        secret=True,
    )
    mail_name: str = _setting("", "The name beside the sender of digests; empty for `site_name`.")
    mail_rate: float = _setting(0.0, "How many digests are mailed in a minute, at most; 0 for any number.")
    mail_domain_rate: float = _setting(0.0, "The same to the addresses of any one domain; 0 for any number.")
    bounce_address: str = _setting(
        "",
        "Where mails that cannot be delivered come back to, and mails that ask to unsubscribe: an address whose "
        "mailbox also takes `name+anything@host`. Empty for `mail_from`, where nobody reads them.",
    )
    bounce_maildir: str = _setting(
        "", "The Maildir folder in which they arrive, which workers read; empty for none. See also `broadsheet bounce`."
    )
    dkim_selector: str = _setting("", "Under which name the DKIM key stands in the DNS; empty for mails without one.")
    dkim_key: str = _setting("", "The file with the private DKIM key, RSA or Ed25519, in PEM form.")
    digest_papers: int = _setting(15, "How many papers one digest shows, at most.")
    mail_from: str = _setting(
        "",
        "The sender of mails. Empty for `broadsheet@` and the host of `public_url`, and of notices to the operator for "
        "the address that they go to.",
    )
    public_url: str = _setting(
        "",
        "The https:// address at which others reach Broadsheet, through a proxy that speaks TLS. Empty for local use: "
        "whoever sits at the machine is signed in, and nobody else can be.",
    )
    robots: str = _setting(
        "",
        "Whether search engines may list what is here: `open` or `none`. Empty for `open` while there is a "
        "`public_url`, else `none`.",
    )
    secret_key: str = _setting(
        "", "Signs forms and blinds addresses while there is a `public_url`; at least 32 random bytes.", secret=True
    )
    admission: str = _setting(
        "invitation", "Who may join: `invitation`, `domains` (addresses of `mail_domains` too), or `open`."
    )
    mail_domains: str = _setting("", "Domains whose mail addresses may join, with spaces between.")
    invitations_by: str = _setting("moderator", "Who may invite: `reader`, `moderator` or `admin`.")
    trusted_proxies: str = _setting(
        "127.0.0.1 ::1",
        "Addresses or networks of proxies whose `X-Forwarded-For` says who asks, with spaces between.",
    )
    providers: str = _setting(
        "",
        "Other sites that say who somebody is, by OpenID Connect: `Lab=https://id.example.org/realms/lab`, name and "
        "issuer, with spaces between; see docs/readers.md.",
    )
    provider_clients: str = _setting(
        "", "What each of them calls this Broadsheet, its client id: `Lab=broadsheet`, with spaces between."
    )
    provider_secrets: str = _setting(
        "", "The client secrets that they gave you: `Lab=…`, with spaces between; none for public clients.", secret=True
    )
    api_quota: int = _setting(
        3_000,
        "How many requests of the API, and as many messages of agents, one network may make in 5 minutes while there "
        "is a `public_url`; 0 for any.",
    )
    session_days: int = _setting(30, "How long a sign-in lasts.", unit="days")
    day_zone: str = _setting("America/New_York", "The time zone that daily pages keep to, by its IANA name.")
    day_hour: str = _setting(
        "21:30",
        "When the daily page turns there. From noon on, what comes after it is on tomorrow's page; before noon, what "
        "comes before it is on yesterday's. The default is when Hugging Face's page turns.",
    )
    trending_formula: str = _setting(
        "broadsheet", "How trending papers are ordered: `broadsheet`, `hackernews` or `lobsters`; see docs/ranking.md."
    )
    probation_h: float = _setting(
        72.0, "Upvotes of an account younger than this wait, unless somebody vouched for it by inviting it.", unit="h"
    )
    submit_window_days: int = _setting(
        14, "How old a paper may be that a reader brings in for a daily page; 0 for any age.", unit="days"
    )
    submit_quota: int = _setting(3, "How many papers a reader may bring in a day; moderators as many as they like.")
    submit_hold_first: int = _setting(
        1, "How many papers of a new reader must have been approved before others are shown without a moderator's look."
    )

    @property
    def store_url(self) -> str:
        """The database URL in force; SQLite inside ``home`` unless ``database_url`` says otherwise."""
        return self.database_url or f"sqlite:///{self.home / 'broadsheet.db'}"

    @property
    def index_folder(self) -> Path:
        """Where the word index's generations live; derived data, safe to delete."""
        return self.home / "index"

    @property
    def vectors_folder(self) -> Path:
        """Where snapshots of the vectors live; derived data, safe to delete."""
        return self.home / "vectors"

    @property
    def outbox_folder(self) -> Path:
        """Where mails are written while there is no mail server."""
        return self.home / "outbox"

    @property
    def models_folder(self) -> Path:
        """Where models fetched from the hub live; they are fetched again when missing."""
        return self.home / "models"


def default_home() -> Path:
    """Name the platform's data directory for Broadsheet."""
    from platformdirs import user_data_path  # noqa: PLC0415 - only needed when no home is given; keeps --help fast

    return user_data_path("broadsheet", appauthor=False)


def read_settings(home: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read settings from ``home/broadsheet.toml``, then the ``BROADSHEET_*`` environment on top.

    ``home`` wins over ``BROADSHEET_HOME``, which wins over the platform's data directory.
    Raises Invalid for a file that cannot be read, an unknown key or a value of the wrong type, naming the key.
    """
    env = os.environ if environment is None else environment
    chosen = home or Path(env.get(f"{_PREFIX}HOME") or default_home())
    chosen = chosen.expanduser().absolute()
    values = {**_from_toml(chosen / _FILE), **_from_environment(env), "home": chosen}
    return Settings(**values)


def _from_toml(path: Path) -> dict[str, Any]:
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} is not valid TOML: {error}", field=_FILE) from error
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.", field="home") from error
    return {_known(key, str(path)).name: _checked(_known(key, str(path)), value) for key, value in raw.items()}


def _from_environment(env: Mapping[str, str]) -> dict[str, Any]:
    ours = {key.removeprefix(_PREFIX).lower(): value for key, value in env.items() if key.startswith(_PREFIX)}
    return {key: _checked(_known(key, "the environment"), ours[key]) for key in ours if key not in _BESIDE}


def _known(key: str, place: str) -> Field[Any]:
    for candidate in fields(Settings):
        if candidate.name == key:
            return candidate
    names = ", ".join(sorted(f.name for f in fields(Settings)))
    raise Invalid(f"Unknown setting {key!r} in {place}. Known settings: {names}.", field=key)


def _checked(known: Field[Any], value: object) -> object:
    if known.default is MISSING:
        raise AssertionError(known.name)
    kind = type(known.default)
    shown = "that" if known.metadata["secret"] else repr(value)
    if isinstance(known.default, Path):
        return Path(str(value))
    if kind is bool and isinstance(value, str) and value.lower() in _TRUTHS:
        return _TRUTHS[value.lower()]
    if kind in _NUMBERS and isinstance(value, str):
        try:
            return kind(value)
        except ValueError:
            raise Invalid(f"Setting {known.name!r} takes {_NUMBERS[kind]}, not {shown}.", field=known.name) from None
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise Invalid(f"Setting {known.name!r} takes a {kind.__name__}, not {shown}.", field=known.name)
    return value

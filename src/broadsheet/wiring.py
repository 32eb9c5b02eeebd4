"""The only place that builds adapters from settings."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from broadsheet.clock import Clock, Wait, system_clock
from broadsheet.credentials.fetching import Fetching
from broadsheet.embed.lazy import LazyEmbedder
from broadsheet.embed.port import Embedder
from broadsheet.errors import Invalid, Unavailable
from broadsheet.flow.digests.posting import sender_of
from broadsheet.flow.harvesting.taking_turns import SharedTurns
from broadsheet.flow.house import House, Push
from broadsheet.flow.scoring import chosen as chosen_formula
from broadsheet.flow.spaces import Spaces
from broadsheet.flow.subscribing.returning_to import check_return_address
from broadsheet.index.engine import open_index
from broadsheet.index.port import VectorIndex
from broadsheet.mail.folder import FolderMailer
from broadsheet.mail.port import Mailer, Press
from broadsheet.mail.press import MailPress
from broadsheet.mail.signing import open_signer
from broadsheet.mail.ways import Pack
from broadsheet.model.daily import Turn
from broadsheet.net.addresses import Network, read_url
from broadsheet.push.port import Pusher
from broadsheet.push.pushing import HttpPusher
from broadsheet.push.webhook import Webhook
from broadsheet.settings import Settings, read_settings
from broadsheet.sources.fetcher import Fetcher, Turns
from broadsheet.sources.services import GITHUB, OPENALEX
from broadsheet.store.connect import open_store


def open_house(settings: Settings | None = None, *, clock: Clock = system_clock, wait: Wait = time.sleep) -> House:
    """Open the house, creating its folder, database and index where there are none.

    Without ``settings`` they are read from the environment and ``broadsheet.toml`` in the home folder.
    Raises Unavailable when the home folder cannot be made, Conflict when its database is of a newer Broadsheet, and
    Invalid for settings that cannot be met.
    """
    chosen = settings or read_settings()
    try:
        chosen.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"The home folder {chosen.home} cannot be used: {error.strerror}.") from error
    embedders = _embedders(chosen)
    _check_addresses(chosen)
    Turn.read(chosen.day_zone, chosen.day_hour)
    chosen_formula(chosen.trending_formula)
    press, push = _press(chosen, clock), _push(chosen)
    mailer = _mailer(chosen, press)
    store = open_store(chosen.store_url, clock=clock)
    try:
        text_index = open_index(chosen.index_folder, memory_mb=chosen.index_memory_mb)
    except BaseException:
        store.close()
        raise
    spaces = Spaces(store, embedders, chosen.vectors_folder, _open_vector_index)
    return House(
        settings=chosen,
        store=store,
        text_index=text_index,
        spaces=spaces,
        fetcher=_fetcher(chosen, SharedTurns(store, clock=clock, wait=wait), clock),
        ask=Fetching(Network(allow_private=chosen.private_addresses), clock),
        clock=clock,
        wait=wait,
        mailer=mailer,
        press=press,
        push=push,
        pusher=_pusher(chosen, clock),
    )


def _check_addresses(settings: Settings) -> None:
    if settings.addresses:
        from broadsheet.flow.harvesting.kinds import Services  # noqa: PLC0415 - every adapter takes a moment to load

        Services(settings)


def _mailer(settings: Settings, press: Press) -> Mailer:
    way, _, where = settings.mail_through.partition(":")
    if way in _MAILERS and where:
        return _MAILERS[way](settings, where, press.packed)
    if settings.mail_through:
        known = ", ".join(f"{name}:" for name in _MAILERS)
        raise Invalid(f"Setting 'mail_through' begins with {known} and says where.", field="mail_through")
    if settings.smtp_url:
        from broadsheet.mail.smtp import SmtpMailer  # noqa: PLC0415 - few houses have a mail server

        return SmtpMailer(settings.smtp_url, pack=press.packed)
    return FolderMailer(settings.outbox_folder, press.packed)


def _folder(_: Settings, where: str, pack: Pack) -> Mailer:
    return FolderMailer(Path(where).expanduser(), pack)


def _maildir(_: Settings, where: str, pack: Pack) -> Mailer:
    from broadsheet.mail.maildir import MaildirMailer  # noqa: PLC0415 - few houses have one

    return MaildirMailer(Path(where).expanduser(), pack)


def _sendmail(_: Settings, where: str, pack: Pack) -> Mailer:
    from broadsheet.mail.sendmail import SendmailMailer  # noqa: PLC0415 - few houses have one

    return SendmailMailer(where, pack=pack)


def _service(settings: Settings, where: str, pack: Pack) -> Mailer:
    from broadsheet.mail.services import ServiceMailer  # noqa: PLC0415 - an extra

    keys = dict(pair.partition("=")[::2] for pair in settings.mail_service_keys.split())
    return ServiceMailer(where, keys, pack)


_MAILERS: Mapping[str, Callable[[Settings, str, Pack], Mailer]] = {
    "folder": _folder,
    "maildir": _maildir,
    "sendmail": _sendmail,
    "service": _service,
}


def _press(settings: Settings, clock: Clock) -> Press:
    check_return_address(settings)
    return MailPress(open_signer(settings.dkim_selector, settings.dkim_key, sender_of(settings), clock))


def _push(settings: Settings) -> Push | None:
    if not settings.alert_webhook:
        return None
    try:
        read_url(settings.alert_webhook)
    except Invalid:
        # What was given is not shown: an address may hold a secret.
        raise Invalid("Setting 'alert_webhook' takes an http:// or https:// address.", field="alert_webhook") from None
    return Webhook(settings.alert_webhook, Network(allow_private=settings.private_addresses)).push


def _pusher(settings: Settings, clock: Clock) -> Pusher:
    bases = dict(each.partition("=")[::2] for each in settings.addresses.split())
    return HttpPusher(network=Network(allow_private=settings.private_addresses), bases=bases, clock=clock)


def _fetcher(settings: Settings, turns: Turns, clock: Clock) -> Fetcher:
    keys = {GITHUB.name: settings.github_token, OPENALEX.name: settings.openalex_key}
    return Fetcher(
        turns,
        contact=settings.contact,
        allow_private=settings.private_addresses,
        clock=clock,
        secrets={name: {"Authorization": f"Bearer {key}"} for name, key in keys.items() if key},
    )


def _embedders(settings: Settings) -> tuple[Embedder, ...]:
    """Give the embedder that the settings want, if they want another, and the bundled one; each opens on first use.

    Raises Invalid for settings that no embedder can be made of.
    """
    bundled = LazyEmbedder(_bundled)
    return (_wanted(settings), bundled) if settings.embedder else (bundled,)


def _bundled() -> Embedder:
    from broadsheet.embed.static import StaticEmbedder  # noqa: PLC0415 - most commands embed nothing

    return StaticEmbedder()


def _wanted(settings: Settings) -> Embedder:
    if not 0 <= settings.embedder_weight <= 1:
        raise Invalid("The weight of an embedder is a number from 0 to 1.", field="embedder_weight")
    kind, _, rest = settings.embedder.partition(":")
    if kind == "onnx" and rest:
        return LazyEmbedder(lambda: _onnx(settings, rest))
    if kind in {"http", "https"}:
        return _remote(settings)
    # What was given is not shown: an address may hold a password.
    raise Invalid(
        "Setting 'embedder' takes onnx: with a folder or a name on the hub, or an http:// or https:// address.",
        field="embedder",
    )


def _onnx(settings: Settings, reference: str) -> Embedder:
    from broadsheet.embed.onnx import open_onnx  # noqa: PLC0415 - takes seconds to load, and is an extra

    # One thread: papers are embedded beside readers, who shall keep the other cores.
    return open_onnx(reference, cache=settings.models_folder, threads=1, weight=settings.embedder_weight)


def _remote(settings: Settings) -> Embedder:
    from broadsheet.embed.remote import RemoteEmbedder, RemoteModel  # noqa: PLC0415 - few houses want it

    return RemoteEmbedder(
        RemoteModel(
            url=settings.embedder,
            model=settings.embedder_model,
            key=settings.embedder_key,
            edition=settings.embedder_edition,
            weight=settings.embedder_weight,
        )
    )


def _open_vector_index(folder: Path, dimension: int) -> VectorIndex:
    from broadsheet.index.vectors import open_vector_index  # noqa: PLC0415 - the engine takes a moment to load

    return open_vector_index(folder, dimension)

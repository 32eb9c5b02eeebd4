"""The sites that our operator registered us at, as the settings tell of them."""

import re
from dataclasses import replace

from broadsheet.credentials.provider import Provider, orcid
from broadsheet.errors import Invalid, NotFound
from broadsheet.net.addresses import read_url
from broadsheet.settings import Settings

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
# ORCID itself, and where one tries out how it works.
_ORCIDS = frozenset({"https://orcid.org", "https://sandbox.orcid.org"})


def read_providers(settings: Settings) -> dict[str, Provider]:
    """Give each provider by its name in addresses, in the order of the settings.

    Raises Invalid for settings that do not tell of each one once, with an issuer and a client id.
    """
    issuers = _pairs(settings.providers, "providers")
    clients = _pairs(settings.provider_clients, "provider_clients")
    secrets = _pairs(settings.provider_secrets, "provider_secrets")
    if set(clients) != set(issuers):
        raise _unreadable("provider_clients", "names each of `providers` once, and nobody else")
    if not set(secrets) <= set(issuers):
        raise _unreadable("provider_secrets", "names only what `providers` names")
    if len({issuer for _, issuer in issuers.values()}) < len(issuers):
        raise _unreadable("providers", "names each issuer once")
    return {
        name: _provider(settings, called, issuer, (clients[name][1], secrets.get(name, ("", ""))[1]))
        for name, (called, issuer) in issuers.items()
    }


def named(settings: Settings, name: str) -> Provider:
    """Give the provider of a name in addresses; raises NotFound where there is none."""
    provider = read_providers(settings).get(name)
    if provider is None:
        raise NotFound("No other site of this name is known here.")
    return provider


def _pairs(told: str, setting: str) -> dict[str, tuple[str, str]]:
    """Read ``Name=value`` with spaces between: by the name in lower case, as it is shown, and its value."""
    found: dict[str, tuple[str, str]] = {}
    for pair in told.split():
        name, _, value = pair.partition("=")
        if not _NAME.fullmatch(name) or not value or name.lower() in found:
            raise _unreadable(setting, "takes pairs such as Lab=…, each name once, with spaces between")
        found[name.lower()] = (name.replace("_", " "), value)
    return found


def _provider(settings: Settings, called: str, issuer: str, client: tuple[str, str]) -> Provider:
    try:
        read_url(issuer)
    except Invalid:
        raise _unreadable("providers", "takes an issuer's https:// address after each name") from None
    if issuer in _ORCIDS:
        return replace(orcid(*client), name=called, issuer=issuer)
    return Provider(
        name=called,
        issuer=issuer,
        client_id=client[0],
        client_secret=client[1],
        plain_http=settings.private_addresses,
    )


def _unreadable(setting: str, rule: str) -> Invalid:
    # What was given is not shown: it may be a secret.
    return Invalid(f"Setting '{setting}' {rule}. See docs/readers.md.", field=setting)

"""What the DNS says of a name; asked of the system's servers, or of one that is named."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, Protocol

from broadsheet.errors import Invalid

Kind = Literal["A", "AAAA", "MX", "PTR", "TXT"]


@dataclass(frozen=True, slots=True)
class Told:
    """Values as a zone file has them, texts put together; ``trouble`` says why nobody answered, where that is so."""

    values: tuple[str, ...] = ()
    trouble: str = ""


class Ask(Protocol):
    """Asks for the records of one kind that a name has; nothing it meets is an error."""

    def __call__(self, name: str, kind: Kind, /) -> Told:
        """Give what was told."""
        ...


@dataclass(frozen=True, slots=True)
class Dns:
    """Asks the name server at an IP address and port, or without one those of the system, with dnspython."""

    server: str = ""
    port: int = 53
    timeout_s: float = 3.0

    def __call__(self, name: str, kind: Kind, /) -> Told:
        """Give what was told; raises Invalid where what asks is not installed."""
        try:
            import dns.exception  # noqa: PLC0415 - an extra
            import dns.resolver  # noqa: PLC0415 - the same
        except ImportError as error:
            told = "Asking the DNS takes an extra: pip install 'broadsheet[mail]'."
            raise Invalid(told, field="mail") from error
        try:
            resolver = dns.resolver.Resolver(configure=not self.server)
            if self.server:
                resolver.nameservers, resolver.port = [self.server], self.port
            found = resolver.resolve(name, kind, lifetime=self.timeout_s, search=False)
            return Told(tuple(sorted(_written(record, kind) for record in found)))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return Told()
        except (dns.exception.DNSException, OSError, ValueError) as error:
            return Told((), f"The DNS did not answer for {name}: {type(error).__name__}.")


def is_address(text: str) -> bool:
    """Tell whether a text is an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def reversed_name(address: str) -> str:
    """Give the name under which an IP address stands in the DNS."""
    return f"{ip_address(address).reverse_pointer}."


def _written(record: object, kind: Kind) -> str:
    if kind == "TXT":
        return b"".join(getattr(record, "strings", ())).decode("utf-8", "replace")
    return str(record).lower()

"""Lists of papers at other addresses: in other formats, ``/trending.rss``, and with the key of private feeds."""


def with_key(url: str, secret: str) -> str:
    """Put the key of private feeds into the address of a feed."""
    return f"{url}{'&' if '?' in url else '?'}token={secret}"


def suffixed(url: str, suffix: str) -> str:
    """Point to a list, given by its page, in another format; the latest page of all is ``/latest``."""
    path, mark, query = url.partition("?")
    return f"{'/latest' if path == '/' else path}.{suffix}{mark}{query}"

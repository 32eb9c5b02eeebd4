"""A name server on loopback that knows what it is told, and answers as RFC 1035 has it."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

# By name and kind: values as a zone file has them.
Zone = Mapping[tuple[str, str], tuple[str, ...]]


@contextmanager
def name_server(zone: Zone, *, broken: frozenset[str] = frozenset()) -> Iterator[int]:
    """Answer on a free port, and give it; for names that are broken it says that it cannot."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        worker = Thread(target=_answer, args=(line, zone, broken))
        worker.start()
        try:
            yield int(line.getsockname()[1])
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
                end.sendto(b"", line.getsockname())
            worker.join()


def _answer(line: socket.socket, zone: Zone, broken: frozenset[str]) -> None:
    names = {name for name, _ in zone}
    while True:
        asked, who = line.recvfrom(4_096)
        if not asked:
            return
        query = dns.message.from_wire(asked)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        if name in broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif values := zone.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *values))
        elif name not in names:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        line.sendto(answer.to_wire(), who)

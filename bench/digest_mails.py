"""Mails of digests: ``python -m bench.digest_mails [--mails 10000] [--cases 100000]``.

How long one takes to be set, packed and signed; then so many mails made of hostile titles, each parsed strictly and its
signature verified by dkimpy (TRUST M5); then so many hostile subjects and names, each a mail with our headers and our
recipient alone (M6).
"""

import argparse
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import dkim
from bench.machine import machine
from tests.mail.made import FACTS, WORDS, hostile_digest, key_in, mail_with, plain_digest
from tests.mail.strict import strictly

from broadsheet.mail.packing import packed
from broadsheet.mail.port import Rendered
from broadsheet.mail.render import rendered
from broadsheet.mail.signing import DkimSigner, open_signer

NAME = re.compile(rb"^([!-9;-~]+):", re.MULTILINE)
BOTH = {"list-unsubscribe", "list-unsubscribe-post"}
SENDER = "daily@papers.example"


def expect(told: object, wanted: object, case: int) -> None:
    if told != wanted:
        sys.exit(f"Case {case}: {told!r} instead of {wanted!r}.")


def timed(name: str, work: Callable[[], object], times: int = 300) -> None:
    work()
    took = []
    for _ in range(times):
        begun = time.process_time()
        work()
        took.append(time.process_time() - begun)
    print(f"  {name:<34} {statistics.median(took) * 1000:6.2f} ms, fastest {min(took) * 1000:.2f} ms")


def speed(signer: DkimSigner, key: bytes) -> None:
    digest = plain_digest(12)
    mail = mail_with(rendered(digest, FACTS))
    bare = packed(mail)
    print(f"A digest of 12 papers: page {len(mail.html.encode()):,} bytes, mail {len(bare):,} bytes")
    timed("set", lambda: rendered(digest, FACTS))
    timed("pack", lambda: packed(mail))
    timed("pack and sign, RSA-2048", lambda: packed(mail, signer))
    timed("set, pack and sign", lambda: packed(mail_with(rendered(digest, FACTS)), signer))
    ways = (b"relaxed", b"relaxed")
    timed("dkimpy's signature alone", lambda: dkim.sign(bare, b"news", b"papers.example", key, canonicalize=ways), 50)


def hostile_mails(signer: DkimSigner, record: bytes, mails: int) -> None:
    begun, largest, good = time.perf_counter(), 0, 0
    for seed in range(mails):
        raw = packed(mail_with(rendered(hostile_digest(seed, 3), FACTS)), signer)
        told = strictly(raw)
        expect([part.get_content_type() for part in told.iter_parts()], ["text/plain", "text/html"], seed)
        page = [part.get_content() for part in told.iter_parts()][1]
        largest = max(largest, len(page.encode()))
        signed = re.sub(r"\s+", "", str(told["DKIM-Signature"])).partition("h=")[2].partition(";")[0].split(":")
        expect(BOTH - set(signed), set(), seed)
        good += dkim.verify(raw, dnsfunc=lambda *_, **__: record)
    took = time.perf_counter() - begun
    print(f"{mails:,} hostile digests in {took:.0f} s: all parse strictly, {good:,} signatures verify over both list")
    print(f"  headers, the largest page has {largest:,} bytes")


def hostile_headers(cases: int) -> None:
    chance, wanted = random.Random(6), None  # noqa: S311 - the same cases each time
    begun = time.perf_counter()
    for case in range(cases):
        told = ["".join(chance.choice(WORDS) for _ in range(chance.randint(1, 5))) for _ in range(2)]
        raw = packed(mail_with(Rendered(told[0], "t", "<p>h"), sender_name=told[1]))
        names = NAME.findall(raw.partition(b"\r\n\r\n")[0])
        wanted = wanted or names
        expect(names, wanted, case)
        if not case % 50:
            expect(strictly(raw)["To"], "ada@example.org", case)
    took = time.perf_counter() - begun
    print(f"{cases:,} hostile subjects and names in {took:.0f} s: no other header, no other recipient")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--mails", type=int, default=10_000)
    asked.add_argument("--cases", type=int, default=100_000)
    options = asked.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        file, record = key_in(Path(folder))
        signer = open_signer("news", str(file), SENDER)
        if signer is not None:
            speed(signer, file.read_bytes())
            hostile_mails(signer, record, options.mails)
        hostile_headers(options.cases)


if __name__ == "__main__":
    main()

"""Ask both APIs whatever their documents allow, and much that they do not, and tell where they lie; a script.

    python -m bench.conformance --cases 20000 [--seed 1]

A house of made-up papers is served on loopback, and schemathesis runs all its phases (examples, coverage, fuzzing,
stateful) against each document, as anybody, as a reader with a token that reads, and as one whose token writes too. A
status that no document names, a body that is not as the document says, and anything from 500 on are findings. It ends
with 1 when there are any.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.papers import record
from tests.web.serving import serving

from broadsheet.cli.serving import LONGEST_HEAD
from broadsheet.flow.accounts import tokens
from broadsheet.flow.accounts.owner import owner
from broadsheet.flow.lists import labels
from broadsheet.flow.lists.labels import Wanted
from broadsheet.flow.paper import show
from broadsheet.flow.shelf.keep import keep
from broadsheet.flow.shelf.reindex import catch_up
from broadsheet.flow.talking.say import say
from broadsheet.model.record import Daily, Link, Record, Signal
from broadsheet.settings import Settings
from broadsheet.site import create_app
from broadsheet.wiring import open_house

DOCUMENTS = ("/api/openapi.json", "/api/v1/openapi.json")
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance"
)
PAPERS = 120
# Of each operation in each phase, at most.
EXAMPLES = 100
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def main() -> int:
    """Run all of it and print a row for each document and visitor; 1 when something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=20_000, help="at least so many in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a document by a part of its address")
    arguments = parser.parse_args()
    documents = [each for each in DOCUMENTS if arguments.only in each]
    asked = found = 0
    print("| document | who | cases | findings |\n| --- | --- | --- | --- |")
    with house() as (address, visitors):
        rounds = [(document, who) for document in documents for who in visitors]
        seed = arguments.seed
        while asked < arguments.cases:
            for document, who in rounds:
                cases, findings = ask(address + document, visitors[who], seed)
                print(f"| {document} | {who} | {cases:,} | {findings} |", flush=True)
                asked, found = asked + cases, found + findings
            seed += 1
    print(f"\n{asked:,} cases, {found} findings")
    return int(found > 0)


@contextmanager
def house() -> Iterator[tuple[str, dict[str, str]]]:
    """Serve a house of made-up papers; gives its address, and the tokens of those who come."""
    with tempfile.TemporaryDirectory() as folder, open_house(Settings(home=Path(folder)), clock=lambda: NOW) as opened:
        keep(opened.store, [made_up(number) for number in range(1, PAPERS + 1)], at=NOW)
        catch_up(opened)
        reader = owner(opened)
        labels.make(opened, reader, Wanted("Tea", "About tea", "all"))
        labels.put(opened, reader, "tea", "2401.00001")
        say(opened, reader, show(opened, "2401.00001").id, "A word.")
        visitors = {"anybody": ""}
        for who, scopes in (("who reads", ["read"]), ("who writes", ["read", "write"])):
            _, visitors[who] = tokens.make(opened, reader, who, scopes, 30)
        with serving(create_app(opened), h11_max_incomplete_event_size=LONGEST_HEAD) as address:
            yield address, visitors


def made_up(number: int) -> Record:
    """Write a paper, one of ten on each of twelve days."""
    day = (NOW - timedelta(days=number % 12)).date()
    return record(
        number,
        published=day.isoformat(),
        daily=(Daily(day),),
        signals=(Signal("upvotes", number, NOW),),
        categories=("cs.LG", "cs.CL")[: 1 + number % 2],
        links=(Link("repository", f"https://github.com/lab/napkin{number}"),) if number % 3 else (),
    )


def ask(document: str, token: str, seed: int) -> tuple[int, int]:
    """Run schemathesis against one document as one visitor; gives how many cases it sent and what it found."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", document, "--seed", str(seed)),
            *("--max-examples", str(EXAMPLES), "--workers", "2"),
            *("--checks", CHECKS, "--continue-on-failure", "--suppress-health-check", "all", "--no-color"),
            *("--report", "json", "--report-json-path", str(report), "--warnings", "off"),
            *(("--header", f"Authorization: Bearer {token}") if token else ()),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
        if done.returncode:
            print(done.stdout[-20_000:], done.stderr[-4_000:], file=sys.stderr)
        cases = json.loads(report.read_text("utf-8"))["test_cases"]
        return cases["generated"], cases["with_failures"] + cases["errored"]


if __name__ == "__main__":
    sys.exit(main())

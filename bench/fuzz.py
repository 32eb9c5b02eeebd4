"""Fuzz every parser by coverage, each in a process of its own; a script, since it takes as long as one likes.

    pip install atheris
    python -m bench.fuzz --minutes 10 [FORMAT ...]

Every parser of ``sources/detect.py`` and the reading of TeX get whole files of their format to begin with. An
exception, an input that takes longer than five seconds and one that takes more than 512 MB are findings, which go into
FOLDER.
"""

import argparse
import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

LONGEST_INPUT = 16_384
MOST_MEMORY_MB = 512
# By the clock on the wall: a machine with other work stops a process for a second now and then.
LONGEST_S = 5
TEX = "tex"
_STATS = {
    "runs": re.compile(r"stat::number_of_executed_units:\s+(\d+)"),
    "peak": re.compile(r"stat::peak_rss_mb:\s+(\d+)"),
    "slowest": re.compile(r"stat::slowest_unit_time_sec:\s+(\d+)"),
}
_SAMPLE_TEX = (
    r"Na\"ive $O(n \log n)$ \emph{na\"{\i}ve} {\'E}cole \frac{a}{b} $x_{i}^2$ -- ``quoted'' \& 5\% ~ \unicode{x3b1}"
)


def main() -> int:
    """Fuzz what is asked for, one after the other, and say what was found; 1 when anything was."""
    arguments = _arguments()
    if arguments.inside:
        _fuzz(arguments.inside, arguments.flags)
    from broadsheet.sources.detect import FORMATS  # noqa: PLC0415 - inside, it must be imported by atheris

    found = 0
    for name in arguments.names or [*FORMATS, TEX]:
        found += _outside(name, arguments.minutes, arguments.folder)
    return int(found > 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="FORMAT", help="all of them when none is named")
    parser.add_argument("--minutes", type=float, default=10.0, help="for each")
    parser.add_argument("--folder", type=Path, default=Path("fuzz"), help="where findings go")
    parser.add_argument("--inside", default="", help=argparse.SUPPRESS)
    parser.add_argument("--flags", nargs=argparse.REMAINDER, default=[], help=argparse.SUPPRESS)
    return parser.parse_args()


def _outside(name: str, minutes: float, folder: Path) -> int:
    """Fuzz one parser in a process of its own; gives how many findings it left."""
    findings = folder / name
    findings.mkdir(parents=True, exist_ok=True)
    before = len(list(findings.iterdir()))
    with tempfile.TemporaryDirectory() as corpus:
        (Path(corpus) / "sample").write_bytes(_sample(name))
        flags = [
            f"-max_total_time={round(minutes * 60)}", f"-max_len={LONGEST_INPUT}", f"-rss_limit_mb={MOST_MEMORY_MB}",
            f"-timeout={LONGEST_S}", f"-artifact_prefix={findings}/", "-print_final_stats=1", "-verbosity=0", corpus,
        ]  # fmt: skip
        command = [sys.executable, "-m", "bench.fuzz", "--inside", name, "--flags", *flags]
        ended = subprocess.run(  # noqa: S603 - our own script
            command, capture_output=True, text=True, errors="replace", check=False
        )
    told = {what: int(each[1]) if (each := seen.search(ended.stderr)) else -1 for what, seen in _STATS.items()}
    new = len(list(findings.iterdir())) - before
    print(
        f"{name}: {told['runs']:,} inputs in {minutes:g} min, peak {told['peak']} MB, slowest {told['slowest']} s, "
        f"{new} findings, exit {ended.returncode}",
        flush=True,
    )
    if ended.returncode:
        print(ended.stderr[-3_000:], flush=True)
    return new or int(ended.returncode != 0)


def _sample(name: str) -> bytes:
    if name == TEX:
        return _SAMPLE_TEX.encode()
    from tests.sources.test_detect import SAMPLES  # noqa: PLC0415 - the same

    return SAMPLES[name].encode()


def _fuzz(name: str, flags: list[str]) -> None:
    """Run inside the process that is measured; ends it."""
    import atheris  # noqa: PLC0415 - nobody else needs it

    with atheris.instrument_imports(include=["broadsheet"]):
        from broadsheet.model import text  # noqa: PLC0415 - only what is imported here is instrumented
        from broadsheet.sources import detect  # noqa: PLC0415 - the same
    target = _tex(text.plain) if name == TEX else _parser(detect.read, name)
    atheris.Setup([sys.argv[0], *flags], target)
    atheris.Fuzz()


def _tex(plain: Callable[[str], str]) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        plain(data.decode("utf-8", "replace"))

    return target


def _parser(read: Callable[..., Any], name: str) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        for _ in read(io.BytesIO(data), name="x", format=name):
            pass

    return target


if __name__ == "__main__":
    sys.exit(main())

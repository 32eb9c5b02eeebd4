"""The figures of ``bench/scale.py`` as Markdown."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.machine import machine
from bench.stopwatch import Figures


def size_mb(path: Path) -> float:
    """Give the size of a file, or of all files in a folder, in MB."""
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return sum(each.stat().st_size for each in files) / 1e6


def report(figures: Figures, papers: int, house: Path) -> Iterator[str]:
    """Lay out all figures as Markdown."""
    yield f"## Scale – {datetime.now(UTC):%Y-%m-%d}: {papers:,} papers"
    yield from ("", f"Machine: {machine()}. The papers are recombined.")
    yield from ("", "| step | s | cpu s | peak MB |", "|---|---:|---:|---:|")
    for step, names in (
        ("store", ("store",)),
        ("words", ("words",)),
        ("meaning", ("embed",)),
        ("rebuild", ("rebuild_words", "rebuild_vectors")),
        ("raw", ("raw_words", "raw_vectors")),
        ("serving", ("open",)),
    ):
        for name in names:
            told = figures[step]
            row = f"{told[f'{name}_s']:,.1f} | {told[f'{name}_cpu_s']:,.1f} | {told['memory']['peak_mb']:,.0f}"
            yield f"| {name.replace('_', ', ')} | {row} |"
    held = figures["serving"]["memory"]
    told = f"{held['own_mb']:,.0f} MB of its own, {held['mapped_mb']:,.0f} MB mapped from files"
    yield from ("", f"The process that serves: {told}, {held['peak_mb']:,.0f} MB at its peak.")
    sizes = {name: size_mb(house / name) for name in ("broadsheet.db", "index", "vectors")}
    yield from ("", "On disk, MB: " + ", ".join(f"{name} {mb:,.0f}" for name, mb in sizes.items()) + ".", "")
    yield from search_tables(figures)


def search_tables(figures: Figures) -> Iterator[str]:
    """Lay out how long searches took."""
    yield from ("| query, ms | p50 | p95 | p99 | longest | cpu p50 | cpu p99 |", "|---|---:|---:|---:|---:|---:|---:|")
    busy_times = {f"{kind}, while papers are added": each for kind, each in figures["busy"]["times"].items()}
    for kind, each in {**figures["serving"]["times"], **busy_times}.items():
        yield f"| {kind} | {' | '.join(f'{ms:.1f}' for ms in each)} |"
    yield from (
        "",
        "| query, ms | Broadsheet p50 / p99, cpu | raw tantivy, then raw faiss, cpu | ratio of p50, of cpu |",
    )
    yield "|---|---:|---:|---:|"
    for kind, both in figures["beside"]["beside"].items():
        ours, theirs = both["Broadsheet"], both["raw"]
        told = [f"{each[0]:.1f} / {each[2]:.1f}, {each[4]:.1f}" for each in (ours, theirs)]
        yield f"| {kind} | {' | '.join(told)} | {ours[0] / theirs[0]:.2f}, {ours[4] / theirs[4]:.2f} |"
    yield from ("", "Seconds until another process's work is seen, median and longest:")
    told = [f"{name} {middle:.2f} and {most:.2f}" for name, (middle, most) in figures["busy"]["visible_s"].items()]
    yield from ("; ".join(told) + ".", "")

"""Draw the newest search table of RESULTS.md as docs/images/search-speed.svg: ``python bench/plot.py``."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
PICTURE = HERE.parent / "docs" / "images" / "search-speed.svg"
LINE = re.compile(
    r"^\| (three words|title|whole abstract) \| ([\d.]+) /.*?\| ([\d.]+) /.*\| ([\d.]+) \|$", re.MULTILINE
)
ENGINES = (("Broadsheet", "#8b1a1a"), ("raw tantivy", "#8a8577"), ("SQLite FTS5", "#c9c3b2"))
WIDTH, LEFT, RIGHT = 720, 130, 80
BAR, GAP = 18, 22
# The axis is logarithmic, from a tenth of a millisecond to ten seconds.
LOWEST, HIGHEST = 0.1, 10_000.0
STYLE = "text{font:13px system-ui,sans-serif;fill:#1c1a16}.dim{fill:#6b6558}line{stroke:#d9d4c5}"


def across(ms: float) -> float:
    """Give the length of a bar in pixels."""
    share = math.log(ms / LOWEST) / math.log(HIGHEST / LOWEST)
    return share * (WIDTH - LEFT - RIGHT)


def told(ms: float) -> str:
    """Write a time with about three digits."""
    return f"{ms:.2f}" if ms < 10 else f"{ms:,.0f}"


def axis(height: int) -> Iterator[str]:
    ms = LOWEST
    while ms <= HIGHEST:
        x = LEFT + across(ms)
        label = f"{ms:g} ms" if ms < 1_000 else f"{ms / 1_000:g} s"
        yield f'<line x1="{x:.0f}" y1="26" x2="{x:.0f}" y2="{height - 30}"/>'
        yield f'<text class="dim" x="{x:.0f}" y="{height - 12}" text-anchor="middle">{label}</text>'
        ms *= 10


def bars(rows: list[tuple[str, list[float]]]) -> Iterator[str]:
    y = 34
    for kind, times in rows:
        yield f'<text x="{LEFT - 10}" y="{y + 1.5 * BAR + 5:.0f}" text-anchor="end">{kind}</text>'
        for (_, colour), ms in zip(ENGINES, times, strict=True):
            yield f'<rect x="{LEFT}" y="{y}" width="{across(ms):.0f}" height="{BAR - 2}" fill="{colour}"/>'
            yield f'<text class="dim" x="{LEFT + across(ms) + 6:.0f}" y="{y + 12}">{told(ms)}</text>'
            y += BAR
        y += GAP


def legend() -> Iterator[str]:
    for number, (name, colour) in enumerate(ENGINES):
        x = LEFT + 130 * number
        yield f'<rect x="{x}" y="4" width="12" height="12" fill="{colour}"/><text x="{x + 18}" y="15">{name}</text>'


def main() -> None:
    newest = (HERE / "RESULTS.md").read_text("utf-8").rpartition("### search")[2]
    rows = [(kind, [float(ms) for ms in times]) for kind, *times in LINE.findall(newest)]
    height = 34 + len(rows) * (3 * BAR + GAP) + 36
    title = "Median time of a search among 164,537 papers, shorter is better"
    parts = [*axis(height), *legend(), *bars(rows)]
    PICTURE.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{title}">'
        f'<style>{STYLE}</style><rect width="100%" height="100%" fill="#fcfaf5"/>{"".join(parts)}</svg>\n',
        "utf-8",
    )


if __name__ == "__main__":
    main()

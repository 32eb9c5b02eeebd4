"""What stands in the fences of a page: its language, its text, and why it is not run where that is told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>[\w-]*)[^\n]*\n(?P<text>.*?)^(?P=indent)```\s*$", re.DOTALL | re.MULTILINE
)
# Stands right before a block, or before the one it is a step of.
NOT_RUN = re.compile(r"<!-- not run: (?P<why>[^>]{8,}?) -->\s*\Z")


@dataclass(frozen=True, slots=True)
class Example:
    """A fenced block; ``why_not`` is empty if it shall be tried."""

    line: int
    language: str
    text: str
    why_not: str


def examples_of(page: Path) -> Iterator[Example]:
    """Give the blocks of a page in their order."""
    whole = page.read_text("utf-8")
    for found in FENCE.finditer(whole):
        told = NOT_RUN.search(whole[: found.start()])
        inside = re.sub(f"^{found['indent']}", "", found["text"], flags=re.MULTILINE)
        yield Example(whole.count("\n", 0, found.start()) + 1, found["language"], inside, told["why"] if told else "")


def commands_in(text: str) -> Iterator[str]:
    """Cut a shell block into commands: continued lines are one, and so is one with the document that follows it."""
    lines = iter(text.splitlines())
    for line in lines:
        command = line
        while command.endswith("\\"):
            command = f"{command}\n{next(lines)}"
        if here := re.search(r"<<'(\w+)'", command):
            for inner in lines:
                command = f"{command}\n{inner}"
                if inner == here[1]:
                    break
        if command.strip() and not command.lstrip().startswith("#"):
            yield command

"""Prints the reference pages from the code itself; cog puts what this prints into docs/ and checks that it is fresh."""

import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import typer

import broadsheet
from broadsheet.cli.app import app
from broadsheet.settings import Settings

# Signatures wider than this stand on several lines.
_WIDE = 100
_OTHER_CODES = [("0", "", "All is well."), ("1", "", "`doctor` found what it did not heal, or something broke.")]


def print_cli() -> None:
    """Print a section for every command: what it does, how it is written, its arguments and options."""
    root = typer.main.get_command(app)
    _print_command("broadsheet", root)
    for name, command in root.commands.items():
        _print_command(f"broadsheet {name}", command)
        for part, inner in getattr(command, "commands", {}).items():
            _print_command(f"broadsheet {name} {part}", inner)


def print_settings() -> None:
    """Print a table of every setting with its environment variable, default and meaning."""
    rows = []
    for setting in fields(Settings):
        notes = setting.metadata
        unit = f" In {notes['unit']}." if notes["unit"] else ""
        secret = " Secret: never shown." if notes["secret"] else ""
        key = "" if setting.name == "home" else f"`{setting.name}`"
        rows.append(
            (key, f"`BROADSHEET_{setting.name.upper()}`", _default(setting.default), notes["help"] + unit + secret)
        )
    _print_table(("In broadsheet.toml", "In the environment", "Default", "Meaning"), rows)


def print_formats() -> None:
    """Print the formats that `broadsheet import` reads, by the names that --format takes."""
    from broadsheet.sources.detect import FORMATS

    print(", ".join(f"`{name}`" for name in sorted(FORMATS)) + ".")


def print_schema() -> None:
    """Print the fields of the stated schema for JSON and CSV, from the table that states it."""
    from broadsheet.sources import schema

    table = (schema.__doc__ or "").split("=  =")[1]
    lines = [re.split(r"(?<=``)\s{2,}", line, maxsplit=1) for line in table.splitlines() if line.startswith("``")]
    _print_table(("Field", "Holds"), ([cell.replace("``", "`") for cell in line] for line in lines))


def print_pages() -> None:
    """Print every route with its method and what it shows."""
    from starlette.routing import Route

    from broadsheet.web.routes import routes

    pages = [route for route in routes() if isinstance(route, Route)]
    rows = [
        (" ".join(sorted((page.methods or set()) - {"HEAD"})), f"`{page.path}`", _first_sentence(page.endpoint.__doc__))
        for page in pages
    ]
    _print_table(("Method", "Address", "Answer"), rows)


def print_api() -> None:
    """Print every address of our own API with what it answers and whose token it takes."""
    from broadsheet.api.v1.app import ROOMS

    scopes = {"_writing": "`write`", "_reading": "`read`", "_known": "any", "read_by": "none, or `read`"}
    rows = []
    for route in (route for room in ROOMS for route in room.router.routes):
        asked = {each.call.__name__ for each in route.dependant.dependencies}
        token = next((words for name, words in scopes.items() if name in asked), "none")
        path = route.path.replace(":path", "")
        rows.append((" ".join(route.methods), f"`{path}`", token, _first_sentence(route.endpoint.__doc__)))
    _print_table(("Method", "Address", "Token", "Answer"), rows)


def print_lists() -> None:
    """Print every list that has feeds, without the suffix, and every format with its suffix."""
    from broadsheet.cite.formats import FORMATS
    from broadsheet.feeds.formats import FEEDS
    from broadsheet.feeds.routes import LISTS

    _print_table(("Address, and a suffix", "List"), ((f"`{p}`", _first_sentence(h.__doc__)) for p, h in LISTS))
    names = {"rss": "RSS 2.0", "atom": "Atom (RFC 4287)", "json": "JSON Feed 1.1"}
    rows = [(f"`.{suffix}`", names[suffix], f"`{kind.partition(';')[0]}`") for suffix, (kind, _) in FEEDS.items()]
    rows += [(f"`.{form.suffix}`", form.name, f"`{form.media_type.partition(';')[0]}`") for form in FORMATS]
    _print_table(("Suffix", "Format", "Media type"), rows)


def print_tools() -> None:
    """Print every tool that agents are offered, and what each takes."""
    from broadsheet.mcp.tools import TOOLS

    for tool in TOOLS:
        print(f"\n### {tool.name}\n")
        print(textwrap.fill(f"{tool.about}{' Takes a token with the scope `write`.' if tool.writes else ''}", 120))
        print()
        taken = tool.arguments
        rows = [(f"`{each.name}`", "yes" if each.required else "", _bounds(each), each.about) for each in taken]
        _print_table(("Argument", "Required", "Takes", "Meaning"), rows)


def _bounds(argument: Any) -> str:
    """Tell what an argument of a tool may be."""
    if argument.choices:
        return ", ".join(f"`{choice}`" for choice in argument.choices)
    if argument.kind == "number":
        return f"{argument.least:,} to {argument.most:,}; {argument.default} if not given"
    return {"day": "a day", "yes or no": "true or false"}.get(argument.kind, f"up to {argument.most:,} characters")


def print_kinds() -> None:
    """Print the kinds of sources: the word for each, what it is, its targets, and how often it is run."""
    from broadsheet.flow.harvesting.kinds import KINDS
    from broadsheet.flow.harvesting.sources import period_of

    rows = [
        (f"`{name}`", kind.title, kind.target or "–", period_of(kind.every_s)) for name, kind in sorted(KINDS.items())
    ]
    _print_table(("Kind", "What it is", "Target", "Every"), rows)


def print_services() -> None:
    """Print every service that is asked: where, at what pace, and where that is written."""
    from broadsheet.sources import services
    from broadsheet.sources.adapter import Service

    found = [each for each in vars(services).values() if isinstance(each, Service)]
    rows = [
        (f"`{each.name}`", f"`{each.base}`" if each.base else "as you say", f"{each.gap_s:g} s", f"<{each.terms}>")
        for each in sorted(found, key=lambda each: each.name)
    ]
    _print_table(("Service", "Address", "Between two requests", "Terms"), rows)


def print_schedule() -> None:
    """Print what workers do beside harvesting, and how often."""
    from broadsheet.flow.harvesting.schedule import TASKS
    from broadsheet.flow.harvesting.standing import span

    _print_table(("Task", "Every"), ((task.name.replace("-", " "), span(task.every_s)) for task in TASKS))


def print_ranking() -> None:
    """Print how papers are ordered: the rule, the weights, the formulas, and why upvotes wait."""
    from broadsheet.flow.voting.explained import explained

    told = explained()
    _print_pieces(told.rule)
    print("## What counts how much\n")
    _print_table(("What", "Weight", "Why"), told.weights)
    print("## Formulas to choose from\n\nThe setting `trending_formula` names one.\n")
    for name, pieces in told.formulas:
        print(f"### {name}\n")
        _print_pieces(pieces)
    print("## When upvotes wait\n")
    _print_pieces(told.waiting)
    for reason in told.reasons:
        print(f"- {reason}")


def print_functions() -> None:
    """Print what the library does, function by function, with the signature and docstring of each."""
    for name, made in _public():
        if inspect.isfunction(made):
            print(f"### {name}\n\n```text\n{_signature(name, made)}\n```\n\n{_prose(made.__doc__)}\n")


def print_types() -> None:
    """Print the library's types with a table of their fields."""
    for name, made in _public():
        if inspect.isclass(made) and not issubclass(made, Exception):
            print(f"### {name}\n\n{_prose(made.__doc__)}\n")
            if made is Settings:
                print("Its fields are the [settings](settings.md).\n")
                continue
            taken = inspect.signature(made).parameters.values()
            rows = [(f"`{each.name}`", f"`{_type(each.annotation)}`", _unless_told(each.default)) for each in taken]
            _print_table(("Field", "Type", "Default"), rows)
            if methods := list(_methods(made)):
                _print_table(("Of it", "Meaning"), methods)


def print_errors() -> None:
    """Print the library's family of errors."""
    rows = [
        (f"`{name}`", _first_sentence(made.__doc__))
        for name, made in _public()
        if inspect.isclass(made) and issubclass(made, Exception)
    ]
    _print_table(("Error", "Meaning"), rows)


def print_exit_codes() -> None:
    """Print the exit code of each kind of error."""
    from broadsheet.cli.output import EXIT_CODES

    known = [(f"{code}", kind.__name__, _first_sentence(kind.__doc__)) for kind, code in EXIT_CODES.items()]
    _print_table(("Exit code", "Kind", "Meaning"), [*_OTHER_CODES, *known])


def _public() -> list[tuple[str, Any]]:
    return [(name, getattr(broadsheet, name)) for name in broadsheet.__all__]


def _methods(made: type) -> Iterator[tuple[str, str]]:
    for name, member in inspect.getmembers(made):
        if name.startswith("_") or not member.__doc__:
            continue
        if isinstance(member, property):
            yield f"`{name}`", _first_sentence(member.__doc__)
        elif inspect.isfunction(member):
            taken = list(inspect.signature(member).parameters.values())[1:]
            stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
            named = ", ".join(stars.get(each.kind, "") + each.name for each in taken)
            yield f"`{name}({named})`", _first_sentence(member.__doc__)


def _signature(name: str, function: Any) -> str:
    """Write a signature with the bare names of types, over several lines where it is long."""
    told = inspect.signature(function)
    parts = [] if all(each.kind != each.KEYWORD_ONLY for each in told.parameters.values()) else ["*"]
    at_star = next((at for at, each in enumerate(told.parameters.values()) if each.kind == each.KEYWORD_ONLY), 0)
    written = [_parameter(each) for each in told.parameters.values()]
    parts = [*written[:at_star], *parts, *written[at_star:]]
    end = f" -> {_type(told.return_annotation)}"
    flat = f"{name}({', '.join(parts)}){end}"
    return flat if len(flat) <= _WIDE else f"{name}(\n    " + ",\n    ".join(parts) + f",\n){end}"


def _parameter(each: inspect.Parameter) -> str:
    told = _unless_told(each.default).strip("`")
    return f"{each.name}: {_type(each.annotation)}" + (f" = {told}" if told else "")


def _type(annotation: Any) -> str:
    bare = re.sub(r"(?:\w+\.)+(\w)", r"\1", inspect.formatannotation(annotation)).replace("'", '"')
    return re.sub(r"^Optional\[(.*)\]$", r"\1 | None", bare)


def _unless_told(default: Any) -> str:
    if default is inspect.Parameter.empty or repr(default) == "<factory>":
        return ""
    return f"`{default.__name__}`" if callable(default) else f"`{default!r}`".replace("'", '"')


def _prose(text: str | None) -> str:
    return inspect.cleandoc(text or "").replace("``", "`")


def _print_pieces(pieces: Iterable[Any]) -> None:
    for piece in pieces:
        print(f"```text\n{piece.text}\n```\n" if piece.kind == "lines" else f"{textwrap.fill(piece.text, 120)}\n")


def _first_sentence(text: str | None) -> str:
    return " ".join((text or "").split("\n\n")[0].split()).replace("``", "`")


def _default(value: object) -> str:
    if isinstance(value, Path):
        return "the platform's data folder"
    return f"`{value}`" if value != "" else ""


def _print_command(name: str, command: Any) -> None:
    print(f"## {name}\n\n{command.help.strip()}\n")
    shown = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
    arguments = [(_placeholder(p), _help(p)) for p in shown if p.param_type_name == "argument"]
    options = [(_spelling(p), _help(p)) for p in shown if p.param_type_name == "option"]
    usage = [name, *(spelt for spelt, _ in arguments), "[OPTIONS]", *(["COMMAND ..."] if _is_group(command) else [])]
    print(f"```text\n{' '.join(usage)}\n```\n")
    if arguments:
        _print_table(("Argument", "Meaning"), [(f"`{spelt}`", meaning) for spelt, meaning in arguments])
    if options:
        _print_table(("Option", "Meaning"), options)


def _is_group(command: Any) -> bool:
    return hasattr(command, "commands")


def _placeholder(argument: Any) -> str:
    name = (argument.metavar or argument.name.upper()).strip("[]")
    many = "..." if argument.nargs == -1 else ""
    return f"{name}{many}" if argument.required else f"[{name}{many}]"


def _spelling(option: Any) -> str:
    names = [f"`{name}`" for name in (*option.opts, *option.secondary_opts)]
    takes = "" if option.is_flag else f" `{option.metavar or option.opts[-1].lstrip('-').upper()}`"
    return ", ".join(names) + takes


def _help(parameter: Any) -> str:
    text = (getattr(parameter, "help", "") or "").strip()
    default = parameter.default
    plain = isinstance(default, str | int) and not isinstance(default, bool) and default != ""
    return f"{text} Default: `{default}`.".strip() if plain else text


def _print_table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    headings = tuple(headings)
    for row in (headings, ("---",) * len(headings), *rows):
        print("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")
    print()

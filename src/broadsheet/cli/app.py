"""The table of all commands."""

from typing import Annotated

import typer

from broadsheet import __version__
from broadsheet.cli import (
    belongings,
    bounce,
    digest,
    doctor,
    gaps,
    harvest,
    import_,
    label,
    list_,
    mcp_,
    merges,
    problems,
    reindex,
    saved,
    search,
    selftest,
    show,
    sources,
    status,
    today,
    trending,
    up,
    user,
    worker,
)

app = typer.Typer(
    name="broadsheet",
    help="The open, self-hosted Daily Papers: harvest, keep, find and rank research papers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"broadsheet {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Open, self-hosted Daily Papers: harvest, keep, find and rank research papers."""


app.command("up")(up.up)
app.command("worker")(worker.worker)
app.command("harvest")(harvest.harvest)
app.add_typer(sources.app, name="sources")
app.add_typer(user.app, name="user")
user.app.command("export")(belongings.export)
user.app.command("import")(belongings.import_)
app.command("mcp")(mcp_.mcp)
app.command("digest")(digest.digest)
app.command("status")(status.status)
app.command("import")(import_.import_)
app.command("search")(search.search)
app.add_typer(saved.app, name="saved")
app.add_typer(label.app, name="label")
app.command("list")(list_.list_)
app.command("show")(show.show)
app.command("today")(today.today)
app.command("trending")(trending.trending)
app.command("selftest")(selftest.selftest)
app.command("dump")(belongings.dump)
app.command("load")(belongings.load)
app.command("purge")(belongings.purge)
app.command("bounce")(bounce.bounce)
app.command("doctor")(doctor.doctor)
app.command("reindex")(reindex.reindex)
app.add_typer(problems.app, name="problems")
app.add_typer(gaps.app, name="gaps")
app.command("merges")(merges.merges)
app.command("unmerge")(merges.unmerge)

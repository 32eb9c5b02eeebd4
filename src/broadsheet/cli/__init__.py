"""The command line: one file per command, no logic of its own."""

import sys

from broadsheet.cli.app import app
from broadsheet.cli.output import fail
from broadsheet.errors import BroadsheetError


def main() -> None:
    """Run the command line; a BroadsheetError becomes one sentence on stderr and its exit code."""
    try:
        app()
    except BroadsheetError as error:
        sys.exit(fail(error))
    except BrokenPipeError:
        # The reader of our output has gone (`broadsheet search … | head`); say nothing more.
        sys.stderr.close()
        sys.exit(0)

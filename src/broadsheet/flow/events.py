"""What is worth a line in the log: a name and facts, which whoever writes logs puts into a format."""

import logging
from datetime import timedelta

from broadsheet.model.harvest import Run, Source

_log = logging.getLogger(__name__)
_LEVELS = {"waiting": logging.WARNING, "parked": logging.ERROR, "refused": logging.ERROR}


def run_ended(source: Source, run: Run) -> None:
    """Tell of the end of a run."""
    took = (run.ended_at or run.begun_at) - run.begun_at
    facts: dict[str, str | float] = {
        "source": source.name,
        "kind": source.kind,
        "outcome": run.outcome,
        "pages": run.pages,
        "records": run.records,
        "new": run.new,
        "changed": run.changed,
        "problems": run.problems,
        "seconds": round(took / timedelta(seconds=1), 1),
        "reason": run.message,
    }
    tell(_LEVELS.get(run.outcome, logging.INFO), "run ended", **facts)


def try_failed(source: Source, wait_s: float) -> None:
    """Tell of a request that failed and of when it is tried again."""
    told = {"failures": source.failures, "again_in_s": round(wait_s)}
    tell(logging.WARNING, "try failed", source=source.name, reason=source.trouble, **told)


def tell(level: int, event: str, **facts: str | float) -> None:
    """Tell of an event; ``facts`` that are empty are left out."""
    _log.log(level, event, extra={"facts": {name: fact for name, fact in facts.items() if fact != ""}})

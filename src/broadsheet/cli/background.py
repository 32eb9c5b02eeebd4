"""What goes on beside serving and working: indexing, embedding, and running what is due."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from broadsheet.cli.output import console
from broadsheet.errors import BroadsheetError

if TYPE_CHECKING:
    from broadsheet.flow.house import House

# Whoever imports does the work; this is for what harvests bring and what a killed process leaves behind.
_LOOK_EVERY_S = 5.0
_TRY_AGAIN_S = 60.0


@contextmanager
def catching_up(house: "House") -> Iterator[None]:
    """Index and embed what is left to do beside whatever else is done, and what others leave behind."""
    stop = Event()
    worker = Thread(target=_catch_up, args=(house, stop), name="catch-up")
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


@contextmanager
def working(house: "House", *, wanted: bool = True) -> Iterator[None]:
    """Run what is due, look submissions up and send digests, if that is wanted; ends after what is in hand."""
    from broadsheet.flow.harvesting.schedule import work
    from broadsheet.flow.selecting.hub import work as tell_hub
    from broadsheet.flow.sending.work import work as send_digests
    from broadsheet.flow.submitting.fetch import work as look_up

    if not wanted:
        yield
        return
    stop = Event()
    workers = [
        Thread(target=verb, args=(house,), kwargs={"stop": stop}, name=name)
        for name, verb in (
            ("schedule", work),
            ("submissions", look_up),
            ("hub", tell_hub),
            ("digests", send_digests),
        )
    ]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        stop.set()
        for worker in workers:
            worker.join()


def _catch_up(house: "House", stop: Event) -> None:
    told = ""
    wait_s = 0.0
    while not stop.wait(wait_s):
        trouble = _caught_up(house, stop)
        if trouble and trouble != told:
            console(stderr=True).print(
                f"Not all papers can be found yet, trying again: {trouble}", style="red", markup=False
            )
        told = trouble
        wait_s = _TRY_AGAIN_S if trouble else _LOOK_EVERY_S


def _caught_up(house: "House", stop: Event) -> str:
    """Do what is left to do; gives what stands in the way, if anything does."""
    from broadsheet.flow.people.tidings import tell_of_new_papers
    from broadsheet.flow.shelf.reindex import catch_up

    try:
        # What the first readers would wait for is opened and read before they ask.
        house.spaces.warm()
        house.text_index.warm()
        trouble = catch_up(house, stop=stop, effort="gentle").trouble
        house.spaces.save()
        tell_of_new_papers(house, stop)
    except BroadsheetError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - a fault of ours is told and must not end the work for good
        return f"{type(error).__name__}: {error}"
    return str(trouble or "")

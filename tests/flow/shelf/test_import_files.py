"""Papers come in from files, once."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from broadsheet.errors import Invalid, NotFound
from broadsheet.flow import daily
from broadsheet.flow.harvesting import problems
from broadsheet.flow.house import House
from broadsheet.flow.reading.search import search
from broadsheet.flow.shelf.import_files import Progress, import_files
from broadsheet.model.query import Query
from broadsheet.store import changes

Write = Callable[..., Path]


def _head(house: House) -> int:
    with house.store.reading() as connection:
        return changes.head(connection)


def test_an_imported_paper_is_found_and_on_its_daily_page(house: House, write_papers: Write) -> None:
    imported = import_files(house, [write_papers()])
    assert (imported.files, imported.kept.new, imported.problem_count) == (1, 3, 0)
    assert [hit.paper.slug for hit in search(house, Query(text="napkins")).hits] == ["2401.00001"]
    assert [paper.slug for paper in daily.page(house).papers] == ["2402.00003"]


def test_importing_twice_changes_nothing(house: House, write_papers: Write) -> None:
    path = write_papers()
    import_files(house, [path])
    before = _head(house)
    again = import_files(house, [path])
    assert (again.kept.new, again.kept.changed, again.kept.unchanged) == (0, 0, 3)
    assert _head(house) == before


def test_a_corrected_file_corrects_the_paper(house: House, write_papers: Write) -> None:
    row = {"id": "2401.00009", "title": "A Titel", "abstract": "Words.", "authors": ["Ann Lee"]}
    import_files(house, [write_papers(row)])
    corrected = write_papers({**row, "title": "A Title"})
    import_files(house, [corrected])
    assert search(house, Query(text="2401.00009")).exact
    assert [hit.paper.title for hit in search(house, Query(text="title")).hits] == ["A Title"]


def test_a_bad_line_is_a_listed_problem_and_the_rest_is_kept(house: House, write_papers: Write) -> None:
    path = write_papers()
    path.write_text("{broken\n" + path.read_text("utf-8"), "utf-8")
    imported = import_files(house, [path])
    assert (imported.kept.new, imported.problem_count) == (3, 1)
    assert len(problems.problems(house)) == 1
    import_files(house, [path])
    assert len(problems.problems(house)) == 1


def test_a_folder_is_walked_and_gzip_is_read(house: House, write_papers: Write, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / ".hidden").write_text("never read", "utf-8")
    (folder / "deep" / "papers.jsonl.gz").write_bytes(gzip.compress(write_papers().read_bytes()))
    assert import_files(house, [folder]).kept.new == 3


def test_a_pipe_is_read_to_its_end(house: House, write_papers: Write, tmp_path: Path) -> None:
    pipe, content = tmp_path / "pipe", write_papers().read_bytes()
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(content,))
    writer.start()
    assert import_files(house, [pipe]).kept.new == 3
    writer.join()


def test_progress_ends_at_all_bytes(house: House, write_papers: Write) -> None:
    path, seen = write_papers(), list[Progress]()
    import_files(house, [path], progress=seen.append)
    assert seen[-1].bytes_read == seen[-1].bytes_total == path.stat().st_size
    assert seen[-1].records == 3


def test_a_file_of_a_folder_that_vanishes_is_a_problem_and_the_rest_is_kept(
    house: House, write_papers: Write, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.jsonl", "b.jsonl", "c.jsonl"):
        (folder / name).write_bytes(write_papers().read_bytes())
    imported = import_files(house, [folder], progress=lambda _: (folder / "b.jsonl").unlink(missing_ok=True))
    assert (imported.files, imported.kept.total, imported.problem_count) == (3, 6, 1)
    assert (imported.problems[0].where, imported.problems[0].kind) == ("b.jsonl", "unreadable")


def test_a_missing_path_or_unknown_format_is_said(house: House, write_papers: Write, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no file"):
        import_files(house, [tmp_path / "absent"])
    with pytest.raises(Invalid, match="Known formats"):
        import_files(house, [write_papers()], format_name="docx")

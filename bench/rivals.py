"""The raw engines we measure ourselves against: one plain table, SQLite FTS5, and tantivy without us."""

import gzip
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tantivy

Row = dict[str, Any]


def rows(corpus: Path) -> Iterator[Row]:
    """Yield the papers of a JSON Lines file, gzipped or not."""
    opener = gzip.open if corpus.suffix == ".gz" else open
    with opener(corpus, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def fill_sqlite(corpus: Path, path: Path) -> int:
    """Insert each paper as one row of raw sqlite3, one transaction per 2,000."""
    db = sqlite3.connect(path)
    db.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "CREATE TABLE papers(id TEXT PRIMARY KEY, title TEXT, abstract TEXT, authors TEXT, published TEXT)"
    )
    return _insert(db, corpus, "INSERT OR IGNORE INTO papers VALUES (?,?,?,?,?)")


def fill_fts5(corpus: Path, path: Path) -> int:
    """Insert each paper into one FTS5 table with the porter stemmer."""
    db = sqlite3.connect(path)
    db.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "CREATE VIRTUAL TABLE papers USING fts5(id UNINDEXED, title, abstract, authors, published UNINDEXED,"
        " tokenize='porter unicode61')"
    )
    return _insert(db, corpus, "INSERT INTO papers VALUES (?,?,?,?,?)")


def _insert(db: sqlite3.Connection, corpus: Path, statement: str) -> int:
    batch: list[tuple[str, ...]] = []
    count = 0
    for row in rows(corpus):
        authors = "; ".join(row.get("authors") or ())
        batch.append((row["id"], row["title"], row["abstract"], authors, row.get("published") or ""))
        count += 1
        if len(batch) == 2000:
            with db:
                db.executemany(statement, batch)
            batch.clear()
    with db:
        db.executemany(statement, batch)
    db.close()
    return count


def tantivy_schema() -> tantivy.Schema:
    """Describe title, abstract and authors, stemmed, with the id stored."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for name in ("title", "abstract", "authors"):
        builder.add_text_field(name, stored=False, tokenizer_name="en_stem")
    return builder.build()


def fill_tantivy(corpus: Path, path: Path) -> int:
    """Index each paper's title, abstract and authors with tantivy alone."""
    path.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(tantivy_schema(), path=str(path))
    writer = index.writer(128_000_000, 2)
    count = 0
    for row in rows(corpus):
        writer.add_document(
            tantivy.Document(
                id=row["id"], title=row["title"], abstract=row["abstract"], authors="; ".join(row.get("authors") or ())
            )
        )
        count += 1
    writer.commit()
    writer.wait_merging_threads()
    return count


class RawTantivy:
    """Top ten ids from tantivy alone for the same words as an OR query over title and abstract."""

    def __init__(self, path: Path) -> None:
        self._index = tantivy.Index(tantivy_schema(), path=str(path))
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, text: str) -> list[str]:
        """Find ten papers; punctuation is dropped so that the query parser reads words only."""
        query = self._index.parse_query(" ".join(re.findall(r"\w+", text)), ["title", "abstract", "authors"])
        found = self._searcher.search(query, 10, count=False)
        return [str(self._searcher.doc(address)["id"][0]) for _, address in found.hits]


class RawFts5:
    """Top ten ids from SQLite FTS5 for the same words as an OR query, best bm25 first."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path)

    def search(self, text: str) -> list[str]:
        """Find ten papers."""
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text))
        statement = "SELECT id FROM papers WHERE papers MATCH ? ORDER BY rank LIMIT 10"
        return [row[0] for row in self._db.execute(statement, (words,))]

"""tantivy and faiss without us, one after the other, on the papers and vectors of a house."""

import re
from collections.abc import Iterator
from pathlib import Path

import faiss
import numpy as np
import tantivy

from broadsheet.embed.port import Embedder
from broadsheet.flow.house import House
from broadsheet.index.vectors import Layout
from broadsheet.model.paper import Paper
from broadsheet.store import embeddings, papers

_AT_ONCE = 20_000
_TRAINED_ON = 100_000
FIELDS = ("title", "abstract", "authors")
NEAREST = 100


def all_papers(house: House) -> Iterator[Paper]:
    """Yield all papers of a house, in order."""
    after = 0
    while True:
        with house.store.reading() as connection:
            batch = papers.stream(connection, after, 2_000)
        if not batch:
            return
        yield from batch
        after = batch[-1].id


def build_words(house: House, folder: Path) -> None:
    """Index titles, abstracts and authors with tantivy alone, stemmed."""
    folder.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(256_000_000, 2)
    for paper in all_papers(house):
        authors = "; ".join(author.name for author in paper.authors)
        writer.add_document(tantivy.Document(id=paper.id, title=paper.title, abstract=paper.abstract, authors=authors))
    writer.commit()
    writer.wait_merging_threads()


def build_vectors(house: House, file: Path) -> None:
    """Put the vectors into faiss alone: 8-bit codes, in as many lists as we use and searched in as many of them."""
    space = house.spaces.answering().space
    seen, ids, rows = 0, [], []
    while seen < space.head:
        with house.store.reading() as connection:
            news = embeddings.after(connection, space, seen, _AT_ONCE)
        ids.append(np.array(news.ids, np.int64))
        rows.append(news.vectors)
        seen = news.upto
    vectors = np.concatenate(rows)
    layout = Layout()
    lists = layout.lists(len(vectors))
    kind = f"IVF{lists},SQ8" if lists > 1 else "SQ8"
    index = faiss.index_factory(space.identity.dimension, f"IDMap2,{kind}", faiss.METRIC_INNER_PRODUCT)
    draw = np.random.default_rng(1)
    index.train(vectors[draw.permutation(len(vectors))[:_TRAINED_ON]])
    index.add_with_ids(vectors, np.concatenate(ids))
    if lists > 1:
        faiss.ParameterSpace().set_index_parameter(index, "nprobe", layout.probed(lists))
    faiss.write_index(index, str(file))


class RawEngines:
    """Top ids by words from tantivy, then the nearest from faiss; the query is embedded as ours is."""

    def __init__(self, folder: Path, file: Path, embedder: Embedder) -> None:
        self._index = tantivy.Index(_schema(), path=str(folder))
        self._index.reload()
        self._searcher = self._index.searcher()
        # One query has no use for a second thread, which would only spin beside it.
        faiss.omp_set_num_threads(1)
        self._vectors = faiss.read_index(str(file))
        self._embedder = embedder

    def search(self, text: str, limit: int) -> tuple[list[int], list[int]]:
        """Find by words and by meaning; punctuation is dropped so that the parser reads words only."""
        query = self._index.parse_query(" ".join(re.findall(r"\w+", text)).lower(), list(FIELDS))
        found = self._searcher.search(query, limit, count=False)
        by_words = [int(self._searcher.doc(address)["id"][0]) for _, address in found.hits]
        _, ids = self._vectors.search(self._embedder.embed([self._embedder.query_text(text)]), NEAREST)
        return by_words, ids[0].tolist()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=True)
    for name in FIELDS:
        builder.add_text_field(name, tokenizer_name="en_stem")
    return builder.build()

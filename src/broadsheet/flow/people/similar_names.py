"""Other names under which an author may be published too: for a person to look at, never taken for true."""

from broadsheet.flow.house import House
from broadsheet.model.author import AuthorPage, name_key, spoken
from broadsheet.model.namesakes import Namesake, namesakes
from broadsheet.model.query import Query
from broadsheet.store import papers

# So many papers of the author's co-authors are looked through.
_DEPTH = 300
_SHOWN = 5


def similar_names(house: House, shown: AuthorPage) -> tuple[Namesake, ...]:
    """Give names like an author's beside which the same co-authors are printed, best first.

    One search of the index, for papers of co-authors that name somebody of the family, and one statement.
    """
    family = spoken(shown.person.name).rpartition(" ")[2].replace('"', " ")
    coauthors = [name for name, _ in shown.coauthors]
    if not coauthors or not name_key(family):
        return ()
    query = Query(text=f'author:"{family}"', authors=tuple(coauthors), sort="date", limit=_DEPTH)
    found = house.text_index.search(query, deadline_ms=house.settings.search_deadline_ms)
    with house.store.reading() as connection:
        read = papers.by_ids(connection, [paper_id for paper_id, _ in found.hits])
    others: dict[str, set[str]] = {}
    for paper in read:
        names = [author.name for author in paper.authors]
        for name in names:
            others.setdefault(name, set()).update(each for each in names if each != name)
    return namesakes(shown.person.spellings, coauthors, others)[:_SHOWN]

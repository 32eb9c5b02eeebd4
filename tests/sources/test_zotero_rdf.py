"""Zotero's RDF: items, collections, and whatever else is in a library."""

import io
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.ids import ExternalId
from broadsheet.model.record import Author, Problem
from broadsheet.sources.zotero_rdf import Collection, Item, parse

LIBRARY = """<?xml version="1.0" encoding="utf-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/" xmlns:link="http://purl.org/rss/1.0/modules/link/">
 <bib:Article rdf:about="#item_1">
  <z:itemType>journalArticle</z:itemType>
  <dcterms:isPartOf><bib:Journal><dc:title>Journal of Folding</dc:title></bib:Journal></dcterms:isPartOf>
  <bib:authors><rdf:Seq>
   <rdf:li><foaf:Person><foaf:surname>Lee</foaf:surname><foaf:givenName>Ann</foaf:givenName></foaf:Person></rdf:li>
   <rdf:li><foaf:Person><foaf:surname>Chen</foaf:surname></foaf:Person></rdf:li>
  </rdf:Seq></bib:authors>
  <dc:title>Folding Napkins</dc:title>
  <dcterms:abstract>We fold &amp; fold.</dcterms:abstract>
  <dc:date>2024-01-02</dc:date>
  <dc:identifier>DOI 10.1000/Napkin</dc:identifier>
  <link:link rdf:resource="#item_9"/>
 </bib:Article>
 <rdf:Description rdf:about="http://arxiv.org/abs/2401.00002">
  <z:itemType>preprint</z:itemType>
  <dc:title>Counting Sheep</dc:title>
  <dc:description>arXiv:2401.00002 [cs]</dc:description>
  <dc:identifier><dcterms:URI><rdf:value>http://arxiv.org/abs/2401.00002</rdf:value></dcterms:URI></dc:identifier>
 </rdf:Description>
 <bib:Memo rdf:about="#item_8"><rdf:value>A note</rdf:value></bib:Memo>
 <z:Attachment rdf:about="#item_9"><dc:title>PDF</dc:title></z:Attachment>
 <z:Collection rdf:about="#collection_1"><dc:title>Napkins</dc:title>
  <dcterms:hasPart rdf:resource="#item_1"/><dcterms:hasPart rdf:resource="#collection_2"/></z:Collection>
 <z:Collection rdf:about="#collection_2"><dc:title>Sleep</dc:title><dcterms:hasPart rdf:resource="http://arxiv.org/abs/2401.00002"/></z:Collection>
</rdf:RDF>"""


def told(text: str | bytes) -> list[Any]:
    content = text.encode() if isinstance(text, str) else text
    return list(parse(io.BytesIO(content), name="library.rdf"))


def test_items_are_records_and_collections_keep_their_parts() -> None:
    article, preprint, napkins, sleep = told(LIBRARY)
    assert article.about == "#item_1"
    assert article.record.title == "Folding Napkins"
    assert article.record.authors == (Author("Ann Lee"), Author("Chen"))
    assert article.record.ids == (ExternalId("doi", "10.1000/napkin"),)
    assert (article.record.venue, article.record.published) == ("Journal of Folding", "2024-01-02")
    assert article.record.abstract == "We fold & fold."
    assert preprint.record.ids == (ExternalId("arxiv", "2401.00002"),)
    assert napkins == Collection("#collection_1", "Napkins", ("#item_1", "#collection_2"))
    assert sleep.parts == ("http://arxiv.org/abs/2401.00002",)


def test_entities_of_a_files_own_are_not_made() -> None:
    bomb = LIBRARY.replace(
        "<rdf:RDF", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]>\n<rdf:RDF', 1
    ).replace("Counting Sheep", "Sheep &a; &f;")
    titles = [one.record.title for one in told(bomb) if isinstance(one, Item)]
    assert titles[1].startswith("Sheep &a")
    assert "root:" not in " ".join(titles)


@given(cut=st.integers(0, len(LIBRARY)), noise=st.binary(max_size=20))
def test_any_bytes_give_items_or_problems(cut: int, noise: bytes) -> None:
    content = LIBRARY.encode()
    assert all(isinstance(one, Item | Collection | Problem) for one in told(content[:cut] + noise + content[cut:]))

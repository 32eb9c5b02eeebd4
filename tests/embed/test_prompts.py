"""A model's family tells what stands before queries and papers; a model nobody knows gets nothing."""

import pytest

from broadsheet.embed.prompts import Prompts, prompts_of

SENTENCE = "Represent this sentence for searching relevant passages: "


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("intfloat/e5-small-v2", Prompts("query: ", "passage: ")),
        ("intfloat/multilingual-e5-base", Prompts("query: ", "passage: ")),
        ("intfloat/multilingual-e5-large-instruct", Prompts()),
        ("BAAI/bge-small-en-v1.5", Prompts(SENTENCE)),
        ("bge-m3", Prompts()),
        ("nomic-embed-text:v1.5", Prompts("search_query: ", "search_document: ")),
        ("mxbai-embed-large", Prompts(SENTENCE)),
        ("snowflake-arctic-embed", Prompts(SENTENCE)),
        ("snowflake-arctic-embed2", Prompts("query: ")),
        ("Snowflake/snowflake-arctic-embed-l-v2.0", Prompts("query: ")),
        ("sentence-transformers/all-MiniLM-L6-v2", Prompts()),
        ("text-embedding-3-small", Prompts()),
        ("made5-small", Prompts()),
        ("", Prompts()),
    ],
)
def test_a_known_family_says_what_it_wants_to_read_first(model: str, expected: Prompts) -> None:
    assert prompts_of(model) == expected

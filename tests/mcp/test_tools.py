"""An agent over HTTP sees what readers see, in their order, and may what its token may."""

from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mcp import Client
from tests.mcp.agents import MODES, calling, names_of_tools, refused
from tests.mcp.conftest import HIDDEN_BY_ALL, HIDDEN_BY_ANN, Town
from tests.readers import make_reader

from broadsheet.flow.accounts import tokens
from broadsheet.flow.lists import labels
from broadsheet.flow.moderating import readers as moderating
from broadsheet.flow.paper import show
from broadsheet.flow.selecting.select import select
from broadsheet.flow.voting import upvote
from broadsheet.mcp.tools import TOOLS
from broadsheet.model.query import Query
from broadsheet.model.selection import Selection, Stretch

READING = [tool.name for tool in TOOLS if not tool.writes]
WRITING = [tool.name for tool in TOOLS if tool.writes]
ABSTRACT = "We boil water in a kettle and model its whistle as a process, with napkins folded beside it."
LISTS = {
    "daily": ("daily_papers", {"date": "2026-03-06"}, Selection("day", "2026-03-06")),
    "latest": ("daily_papers", {}, Selection("day")),
    "trending": ("trending_papers", {}, Selection("trending")),
    "search": ("search_papers", {"query": "kettle study"}, Selection("search", query=Query(text="kettle study"))),
    "search by date": (
        "search_papers",
        {"query": "kettle", "sort": "date", "category": "cs.CL", "since": "2024-01-01", "until": "2025-12-31"},
        Selection(
            "search",
            query=Query(
                text="kettle", sort="date", categories=("cs.CL",), since=date(2024, 1, 1), until=date(2025, 12, 31)
            ),
        ),
    ),
    "code": (
        "search_papers",
        {"query": "kettle", "has_code": True},
        Selection("search", query=Query(text="kettle", has_code=True)),
    ),
    "abstract": (
        "search_by_abstract",
        {"abstract": ABSTRACT},
        Selection("search", query=Query(text=ABSTRACT, passage=True)),
    ),
    "similar": ("similar_papers", {"paper": "arxiv:2502.00003"}, Selection("similar", "2502.00003")),
}


def ids(answer: Any) -> list[str]:
    return [paper["id"] for paper in answer.structured_content["papers"]]


@pytest.mark.parametrize("mode", MODES)
def test_tools_say_what_they_do_take_and_answer(town: Town, mode: str) -> None:
    async def errand(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = town.send(errand, token=town.writes, mode=mode)
    assert [tool.name for tool in tools] == READING + WRITING
    for tool in tools:
        Draft202012Validator.check_schema(tool.input_schema)
        Draft202012Validator.check_schema(tool.output_schema)
        assert tool.title
        assert len(tool.description) > 60
        assert all(field["description"] for field in tool.input_schema["properties"].values())
        texts = [field for field in tool.input_schema["properties"].values() if field["type"] == "string"]
        assert all({"maxLength", "enum", "format"} & field.keys() for field in texts)
        hints = tool.annotations
        assert hints.read_only_hint is (tool.name in READING)
        assert (hints.idempotent_hint, hints.destructive_hint, hints.open_world_hint) == (True, False, False)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", LISTS)
def test_a_list_has_the_papers_of_its_page_in_its_order(town: Town, case: str, mode: str) -> None:
    tool, told, selection = LISTS[case]
    answer = town.send(calling(tool, **told), mode=mode)
    assert not answer.is_error, answer.content[0].text
    shown = [paper.slug for paper in select(town.house, selection, Stretch(0, 10)).papers]
    assert shown
    assert ids(answer) == shown[: len(ids(answer))]
    assert answer.structured_content["next_offset"] is not None or ids(answer) == shown
    assert all(f"   id: {slug}\n" in answer.content[0].text for slug in ids(answer))


@pytest.mark.parametrize("case", ["daily", "trending", "search", "abstract", "similar"])
def test_going_on_leads_through_the_whole_list(town: Town, case: str) -> None:
    tool, told, selection = LISTS[case]

    async def errand(client: Client) -> list[str]:
        found: list[str] = []
        offset: int | None = 0
        while offset is not None and len(found) < 25:
            answer = await client.call_tool(tool, {**told, "limit": 2, "offset": offset})
            found += ids(answer)
            offset = answer.structured_content["next_offset"]
        return found

    found = town.send(errand, token=town.reads)
    shown = [paper.slug for paper in select(town.house, selection, Stretch(0, 40), town.ann).papers]
    assert found == shown[: len(found)]
    assert len(found) >= min(25, len(shown))


def test_each_hit_says_why_it_is_there_and_shows_it(town: Town) -> None:
    answer = town.send(calling("search_papers", query="kettle study", limit=5))
    papers = answer.structured_content["papers"]
    assert {paper["evidence"] for paper in papers} == {"phrase"}
    assert all("kettle" in paper["sentence"].lower() for paper in papers)
    assert answer.content[0].text.count("here because: phrase") == 5


def test_a_paper_is_found_by_any_of_its_names(town: Town) -> None:
    for name in ("2603.00002", "https://arxiv.org/abs/2603.00002v2", "arXiv:2603.00002"):
        answer = town.send(calling("get_paper", paper=name))
        assert answer.structured_content["id"] == "2603.00002"
        assert answer.structured_content["url"] == f"{town.address}/papers/2603.00002"
        assert "## Abstract" in answer.content[0].text
    found = town.send(calling("search_papers", query="arXiv:2603.00002"))
    assert ids(found) == ["2603.00002"]


MISTAKES = {
    "no such paper": ("get_paper", {"paper": "1234.56789"}, "No paper is known as '1234.56789'."),
    "missing": ("get_paper", {}, "'paper' is missing."),
    "empty": ("search_papers", {"query": "  "}, "'query' is empty."),
    "too long": ("search_papers", {"query": "x" * 20_001}, "at most 20,000 characters, not 20,001"),
    "too many": ("search_papers", {"query": "x", "limit": 51}, "a whole number from 1 to 50, not '51'"),
    "none": ("search_papers", {"query": "x", "limit": 0}, "a whole number from 1 to 50, not '0'"),
    "half": ("trending_papers", {"limit": 1.5}, "a whole number from 1 to 50, not '1.5'"),
    "before": ("trending_papers", {"offset": -1}, "a whole number from 0 to 10000, not '-1'"),
    "no number": ("daily_papers", {"limit": True}, "a whole number from 1 to 50, not 'True'"),
    "no day": ("daily_papers", {"date": "yesterday"}, "A day is written 2026-03-06."),
    "no span": ("trending_papers", {"span": "year"}, "takes one of all, week, day, not 'year'"),
    "no text": ("get_paper", {"paper": ["a"]}, "'paper' takes a text"),
    "unknown": ("get_paper", {"paper": "x", "colour": "red"}, "There is no argument 'colour'. There are: paper."),
    "no truth": ("search_papers", {"query": "x", "has_code": "yes"}, "takes true or false, not 'yes'"),
    "like none": ("similar_papers", {"paper": "1234.56789"}, "No paper is known as"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_in_a_sentence_to_act_on(town: Town, case: str) -> None:
    tool, told, sentence = MISTAKES[case]
    answer = town.send(calling(tool, **told))
    assert answer.is_error
    assert sentence in answer.content[0].text
    assert "\n" not in answer.content[0].text


def test_a_tool_that_there_is_not_is_an_error_of_the_protocol(town: Town) -> None:
    assert town.send(refused(calling("format_disk"))).startswith("There is no tool 'format_disk'. There are: search")


@pytest.mark.parametrize("mode", MODES)
def test_only_a_token_for_writing_is_offered_tools_that_write(town: Town, mode: str) -> None:
    assert town.send(names_of_tools, mode=mode) == READING
    assert town.send(names_of_tools, token=town.reads, mode=mode) == READING
    assert town.send(names_of_tools, token=town.writes, mode=mode) == READING + WRITING


@pytest.mark.parametrize("tool", WRITING)
@pytest.mark.parametrize("who", ["anybody", "a token to read"])
def test_nothing_is_written_without_a_token_for_that(town: Town, tool: str, who: str) -> None:
    told = {"paper": "2502.00001"} | ({"label": "Later"} if tool == "label_paper" else {})
    answer = town.send(calling(tool, **told), token=town.reads if who != "anybody" else "")
    assert answer.is_error
    assert "takes a token with the scope “write”" in answer.content[0].text
    assert upvote.mine(town.house, town.ann, [show(town.house, "2502.00001")]) == {}
    assert labels.of_reader(town.house, town.ann, town.ann) == ()


def test_a_paper_is_upvoted_once_and_that_is_taken_back(town: Town) -> None:
    paper = show(town.house, "2603.00001")
    for undo, upvoted in ((False, True), (False, True), (True, False), (True, False)):
        answer = town.send(calling("upvote_paper", paper="arXiv:2603.00001", undo=undo), token=town.writes)
        assert not answer.is_error, answer.content[0].text
        assert answer.structured_content["upvoted"] is upvoted
        assert answer.structured_content["waits"].startswith("Your account is new") is upvoted
        assert (paper.id in upvote.mine(town.house, town.ann, [paper])) is upvoted


def test_a_label_is_made_once_and_keeps_what_is_on_it(town: Town) -> None:
    bo = make_reader(town.house, "labeller")
    _, token = tokens.make(town.house, bo, "Labels", ["read", "write"], 30)
    for paper, label, note in (
        ("2502.00002", "To read", "for Monday"),
        ("2502.00003", "to READ", ""),
        ("2502.00002", "To read", ""),
    ):
        told = {"paper": paper, "label": label, **({"note": note} if note else {})}
        answer = town.send(calling("label_paper", **told), token=token)
        assert not answer.is_error, answer.content[0].text
    assert answer.structured_content["label_papers"] == 2
    assert answer.structured_content["seen_by"] == "only you"
    (label,) = labels.of_reader(town.house, bo, bo)
    kept = labels.kept(town.house, label, limit=10)
    assert {one.paper.slug: one.note for one in kept} == {"2502.00002": "for Monday", "2502.00003": ""}


def test_a_label_of_another_reader_is_neither_seen_nor_changed(town: Town) -> None:
    answer = town.send(calling("label_paper", paper="2502.00002", label="Secrets"), token=town.writes)
    assert answer.structured_content["label_papers"] == 1
    assert "nobody may know" not in answer.content[0].text
    (label,) = labels.of_reader(town.house, town.bo, town.bo)
    assert [one.paper.slug for one in labels.kept(town.house, label, limit=10)] == ["2502.00001"]
    labels.delete(town.house, town.ann, "secrets")


def test_what_a_moderator_hid_nobody_finds(town: Town) -> None:
    for token in ("", town.writes):
        assert town.send(calling("get_paper", paper=HIDDEN_BY_ALL), token=token).is_error
        found = town.send(
            calling("search_papers", query=f"arxiv {HIDDEN_BY_ALL} kettle number 29", limit=50), token=token
        )
        assert HIDDEN_BY_ALL not in ids(found)


def test_what_a_reader_hid_only_their_token_does_not_find(town: Town) -> None:
    search = calling("search_papers", query="kettle study number 4", limit=50)
    assert HIDDEN_BY_ANN in ids(town.send(search))
    assert HIDDEN_BY_ANN not in ids(town.send(search, token=town.reads))
    near = calling("similar_papers", paper="2502.00003", limit=50)
    assert HIDDEN_BY_ANN in ids(town.send(near))
    assert HIDDEN_BY_ANN not in ids(town.send(near, token=town.reads))


def test_who_is_suspended_reads_on_and_changes_nothing(town: Town) -> None:
    reader, admin = make_reader(town.house, "loud"), make_reader(town.house, "admin", role="admin")
    _, token = tokens.make(town.house, reader, "Loud", ["read", "write"], 30)
    moderating.suspend(town.house, admin, "loud", "noise")
    assert not town.send(calling("get_paper", paper="2502.00001"), token=token).is_error
    for tool, told in (("upvote_paper", {}), ("label_paper", {"label": "Later"})):
        answer = town.send(calling(tool, paper="2502.00001", **told), token=token)
        assert answer.is_error
        assert "suspended" in answer.content[0].text


def test_papers_and_days_can_be_attached(town: Town) -> None:
    async def errand(client: Client) -> Any:
        listed = [each.uri for each in (await client.list_resources()).resources]
        templates = [each.uri_template for each in (await client.list_resource_templates()).resource_templates]
        read = [await client.read_resource(uri) for uri in ("paper://2603.00002", "daily://2026-03-06", listed[0])]
        return listed, templates, [each.contents[0] for each in read]

    listed, templates, (paper, day, latest) = town.send(errand)
    assert (listed, templates) == (["daily://latest"], ["paper://{+id}", "daily://{date}"])
    assert (paper.mime_type, day.mime_type) == ("text/markdown", "text/plain")
    assert "## Abstract" in paper.text
    assert "   id: 2603.00002\n" in day.text
    assert latest.text.startswith("Papers of 2026-03-09")


@pytest.mark.parametrize(
    ("uri", "sentence"),
    [
        ("paper://1234.56789", "No paper is known as"),
        ("daily://nonsense", "'nonsense' is not a day."),
        ("file:///etc/passwd", "There are papers at paper://ID"),
    ],
)
def test_what_cannot_be_attached_is_an_error_of_the_protocol(town: Town, uri: str, sentence: str) -> None:
    async def errand(client: Client) -> Any:
        return await client.read_resource(uri)

    assert town.send(refused(errand)).startswith(sentence)


def test_a_prompt_has_its_argument_in_place(town: Town) -> None:
    async def errand(client: Client) -> Any:
        listed = [each.name for each in (await client.list_prompts()).prompts]
        return listed, await client.get_prompt("new_in", {"topic": "boiling {water}"})

    listed, prompt = town.send(errand)
    assert listed == ["new_in", "related_work"]
    assert prompt.messages[0].content.text.startswith("Tell me what is new in: boiling {water}\n")


def test_a_prompt_without_its_argument_is_an_error_of_the_protocol(town: Town) -> None:
    async def errand(client: Client) -> Any:
        return await client.get_prompt("related_work", {})

    assert town.send(refused(errand)) == "'abstract' is missing. The abstract of the draft."

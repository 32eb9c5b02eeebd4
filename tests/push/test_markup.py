"""What is written in each service's own markup, letter by letter."""

import pytest
from tests.push.sample_digests import DAY, FACTS, HOME, digest
from tests.push.taking import mattermost as reads_mattermost
from tests.push.taking.places import heard, place
from tests.push.taking.shown import squeezed

from broadsheet.model.digest import Card, Digest, Section
from broadsheet.model.paper import Paper
from broadsheet.push import discord, matrix, mattermost, ntfy, slack, telegram
from broadsheet.push.brief import brief_of

HOSTILE_TITLE = "R&D: *A* <search> for_all @channel [x](https://evil.example)"


def titled(title: str) -> Digest:
    card = Card(Paper(slug="arxiv/2511.12345", title=title), ("1. We say @here.",), "")
    return Digest("daily", DAY, (Section("A & <B>", "/a", (card,), 2),))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("<!channel> &amp;", "&lt;!channel&gt; &amp;amp;"),
        ("*bold* _it_ ~no~ `code`", "*bold* _it_ ~no~ `code`"),
    ],
)
def test_slack_has_three_letters_escaped(text: str, written: str) -> None:
    assert slack.escaped(text) == written


def test_a_title_is_taken_by_slack_as_it_is() -> None:
    blocks = slack.message(brief_of(titled(HOSTILE_TITLE), FACTS))["blocks"]
    (section,) = blocks[1]["elements"]
    assert section["elements"][0] == {
        "type": "link",
        "url": f"{HOME}/papers/arxiv/2511.12345",
        "text": HOSTILE_TITLE,
        "style": {"bold": True},
    }


def test_the_notification_of_slack_names_the_first_paper() -> None:
    told = slack.message(brief_of(digest(2), FACTS))["text"]
    assert told.endswith("2 papers, led by “Paper 0 of the day: how to read it in ten languages”")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("*a* _b_ ~c~ `d` ||e||", r"\*a\* \_b\_ \~c\~ \`d\` \|\|e\|\|"),
        ("@everyone <@123> <#1> <:x:1>", r"\@everyone \<\@123\> \<\#1\> \<\:x\:1\>"),
        ("[x](https://e.example)", r"\[x\](https\://e.example)"),
        ("- a", r"\- a"),
        ("12. a", r"12\. a"),
        ("a - 12. b", "a - 12. b"),
        ("\\", "\\\\"),
    ],
)
def test_markdown_means_nothing_to_discord(text: str, written: str) -> None:
    assert discord.escaped(text) == written


def test_discord_is_told_to_mention_nobody() -> None:
    told = discord.message(brief_of(titled("@everyone"), FACTS))
    assert told["allowed_mentions"] == {"parse": []}


def test_a_list_is_named_above_its_first_paper_where_there_are_several_at_discord() -> None:
    embeds = discord.message(brief_of(digest(2, sections=2), FACTS))["embeds"]
    assert [embed.get("author", {}).get("name") for embed in embeds] == ["Trending", None, "List 1", None, None]


def test_a_thread_of_discord_is_written_to() -> None:
    url = "https://discord.com/api/webhooks/123456789012345678/" + "a" * 60
    request = discord.request(
        brief_of(digest(), FACTS), place("discord", url=f"{url}?thread_id=223456789012345678"), FACTS
    )
    assert request.url == f"{url}?thread_id=223456789012345678&wait=true"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("_*[]()~`>#+-=|{}.!", r"\_\*\[\]\(\)\~\`\>\#\+\-\=\|\{\}\.\!"),
        ("a\\b", "a\\\\b"),
        ("@name and/or #tag", "@\u2060name and/\u2060or \\#\u2060tag"),
        ("plain words, with “quotes”", "plain words, with “quotes”"),
    ],
)
def test_every_letter_that_telegram_reserves_is_escaped(text: str, written: str) -> None:
    assert telegram.escaped(text) == written


def test_a_topic_of_telegram_is_written_to() -> None:
    request = telegram.request(brief_of(digest(1), FACTS), place("telegram", thread="17", chat="-1001234567890"), FACTS)
    assert b'"chat_id":"-1001234567890","message_thread_id":17,' in request.body


def test_telegram_counts_letters_beyond_the_first_plane_twice() -> None:
    cards = tuple(Card(Paper(slug="a", title="\U0001d54f" * 290), (), "") for _ in range(15))
    told = telegram.request(
        brief_of(Digest("daily", DAY, (Section("A", "/a", cards),)), FACTS), place("telegram"), FACTS
    )
    assert b"and 9 more" in told.body


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("@channel @all", "@\u200bchannel @\u200ball"),
        ("*a* `b` [c](d) ~~ e", r"\*a\* \`b\` \[c\](d) \~\~ e"),
        ("~town #tag :tada:", "\\~\u200btown \\#\u200btag :\u200btada:"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("- a", r"\- a"),
        ("1) a", r"1\) a"),
    ],
)
def test_markdown_and_mentions_mean_nothing_to_mattermost(text: str, written: str) -> None:
    assert mattermost.escaped(text) == written


def test_mattermost_shows_a_title_as_it_is() -> None:
    request = mattermost.request(brief_of(titled(HOSTILE_TITLE), FACTS), place("mattermost"), FACTS)
    shown = reads_mattermost.take(heard(request))
    assert squeezed(HOSTILE_TITLE) in shown.letters
    assert "https://evil.example" not in {url for _, url in shown.links}


def test_matrix_is_sent_html_and_plain_text() -> None:
    told = matrix.message(brief_of(titled("<script>alert(1)</script> & \"more\" 'x'"), FACTS))
    title = "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot; &#x27;x&#x27;"
    assert f'<strong><a href="{HOME}/papers/arxiv/2511.12345">{title}</a></strong>' in told["formatted_body"]
    assert f"<script>alert(1)</script> & \"more\" 'x'\n{HOME}/papers/arxiv/2511.12345\n" in told["body"]


def test_a_room_of_matrix_stands_in_its_path_escaped() -> None:
    url = matrix.request(brief_of(digest(), FACTS), place("matrix"), FACTS).url
    assert "/rooms/%21abc%2Fdef%3Aexample.org/send/m.room.message/" in url


def test_a_touch_on_a_notification_opens_the_digest() -> None:
    request = ntfy.request(brief_of(digest(), FACTS), place("ntfy"), FACTS)
    assert f'"click":"{FACTS.view_url}"'.encode() in request.body
    assert request.url == "https://chat.example.org/"


def test_a_topic_that_anybody_may_write_to_needs_no_token() -> None:
    assert "Authorization" not in ntfy.request(brief_of(digest(), FACTS), place("ntfy", token=""), FACTS).headers

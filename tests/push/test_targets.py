"""What somebody types in becomes a place, or is refused without being repeated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.push.taking.places import BOT, CANARY, FIELDS, SECRETS, WAYS, place
from tests.push.taking.webhook import SECRET

from broadsheet.errors import Invalid
from broadsheet.model.subscription import Way
from broadsheet.push.asked_for import FIELDS as ASKED
from broadsheet.push.asked_for import TITLES
from broadsheet.push.signing import secrets_in
from broadsheet.push.targets import kept_target, read_target, with_new_secret

HOOK = "a" * 26


@pytest.mark.parametrize("way", WAYS)
def test_a_place_comes_back_as_it_was_kept(way: Way) -> None:
    target = place(way)
    assert kept_target(way, target.as_json()) == target


@pytest.mark.parametrize("way", WAYS)
def test_blanks_around_what_was_typed_do_not_matter(way: Way) -> None:
    fields = {name: f" {text.replace('{base}', 'https://chat.example.org')}\n" for name, text in FIELDS[way].items()}
    assert read_target(way, fields) == place(way)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_shown_of_a_place_holds_no_secret(way: Way) -> None:
    target = place(way)
    assert target.shown.startswith(TITLES[way])
    assert not [secret for secret in SECRETS if secret in target.shown + repr(target) + target.key]


@pytest.mark.parametrize("way", WAYS)
def test_every_field_that_is_needed_is_asked_for(way: Way) -> None:
    for field in ASKED[way]:
        fields = {name: text.replace("{base}", "https://chat.example.org") for name, text in FIELDS[way].items()}
        fields[field.name] = ""
        if not field.needed:
            read_target(way, fields)
            continue
        with pytest.raises(Invalid, match="needed") as raised:
            read_target(way, fields)
        assert raised.value.field == field.name


@pytest.mark.parametrize(
    ("way", "name", "text"),
    [
        ("slack", "url", "https://hooks.slack.com/services/T0123456/B0123456"),
        ("slack", "url", f"http://hooks.slack.com/services/T0123456/B0123456/{CANARY}"),
        ("slack", "url", f"https://hooks.slack.com.evil.example/services/T0123456/B0123456/{CANARY}"),
        ("slack", "url", f"https://hooks.slack.com/services/T0123456/B0123456/{CANARY}\n"[:-1] + "/../x"),
        ("slack", "url", f"https://hooks.slack.com/triggers/T0123456/B0123456/{CANARY}"),
        ("discord", "url", f"https://discord.com.evil.example/api/webhooks/123456789012345678/{CANARY * 2}"),
        ("discord", "url", f"https://discord.com/api/webhooks/12/{CANARY * 2}"),
        ("discord", "url", f"https://discord.com/api/webhooks/123456789012345678/{CANARY * 2}?wait=false"),
        ("telegram", "token", f"bot{CANARY}"),
        ("telegram", "token", f"{BOT}/../x"),
        ("telegram", "chat", "papers"),
        ("telegram", "chat", "0"),
        ("telegram", "chat", "@a b"),
        ("telegram", "thread", "first"),
        ("mattermost", "url", f"https://chat.example.org/{CANARY}"),
        ("mattermost", "url", f"http://chat.example.org/hooks/{HOOK}"),
        ("mattermost", "url", f"http://93.184.215.14/hooks/{HOOK}"),
        ("mattermost", "url", f"https://user:{CANARY}@chat.example.org/hooks/{HOOK}"),
        ("mattermost", "url", f"https://chat.example.org/hooks/{HOOK}?x={CANARY}"),
        ("matrix", "room", "#papers:example.org"),
        ("matrix", "room", "!a b:example.org"),
        ("matrix", "room", "!" + "a" * 300),
        ("matrix", "token", f"{CANARY} {CANARY}"),
        ("matrix", "token", f"{CANARY}\r\nX-Evil: 1"),
        ("matrix", "token", f"{CANARY}é"),
        ("matrix", "url", "https://example.org/?x=1"),
        ("ntfy", "url", "https://ntfy.sh/"),
        ("ntfy", "url", f"https://ntfy.sh/{'a' * 65}"),
        ("ntfy", "url", f"https://ntfy.sh/{CANARY}?auth=x"),
        ("ntfy", "token", "short"),
        ("webhook", "url", f"ftp://example.org/{CANARY}"),
        ("webhook", "url", f"file:///{CANARY}"),
        ("webhook", "url", f"gopher://example.org/{CANARY}"),
        ("webhook", "url", f"https://{CANARY}:{CANARY}@example.org/"),
        ("webhook", "url", f"http://example.org/{CANARY}"),
        ("webhook", "url", f"http://8.8.8.8/{CANARY}"),
        ("webhook", "url", f"http://134744072/{CANARY}"),
        ("webhook", "url", f"http://[2606:4700::1111]/{CANARY}"),
        ("webhook", "url", f"https://example.org/{CANARY}\r\nX: 1"),
        ("webhook", "url", f"https://example.org:99999/{CANARY}"),
        ("webhook", "url", f"https://example.org/{CANARY * 100}"),
        ("webhook", "secret", CANARY),
        ("webhook", "secret", "whsec_c2hvcnQ="),
        ("webhook", "secret", f"{SECRET} {SECRET} {SECRET}"),
    ],
    ids=range(44),
)
def test_what_can_be_no_such_place_is_refused_by_its_field_and_not_repeated(way: Way, name: str, text: str) -> None:
    with pytest.raises(Invalid) as raised:
        place(way, **{name: text})
    assert raised.value.field == name
    assert CANARY not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    "url",
    [
        f"http://localhost:8065/hooks/{HOOK}",
        f"http://mattermost:8065/hooks/{HOOK}",
        f"http://chat.home.arpa/hooks/{HOOK}",
        f"http://10.0.0.7/hooks/{HOOK}",
        f"http://[fd00::7]:8065/team/hooks/{HOOK}",
        f"https://chat.example.org/hooks/{HOOK}",
    ],
)
def test_an_open_line_is_for_a_network_of_ones_own(url: str) -> None:
    assert read_target("mattermost", {"url": url}).fields["url"] == url


def test_addresses_of_discord_have_one_spelling() -> None:
    rest = f"webhooks/123456789012345678/{CANARY * 2}"
    spellings = [f"https://{host}/api/{rest}" for host in ("discord.com", "discordapp.com", "ptb.discord.com")]
    read = [read_target("discord", {"url": url}) for url in [*spellings, f"https://canary.discord.com/api/v10/{rest}/"]]
    assert {target.fields["url"] for target in read} == {f"https://discord.com/api/{rest}"}
    assert len({target.key for target in read}) == 1


def test_a_thread_of_discord_is_a_place_of_its_own() -> None:
    url = f"https://discord.com/api/webhooks/123456789012345678/{CANARY * 2}"
    thread = read_target("discord", {"url": f"{url}?thread_id=223456789012345678"})
    assert thread.fields["url"].endswith("?thread_id=223456789012345678")
    assert thread.key != read_target("discord", {"url": url}).key


def test_a_place_is_the_same_under_another_secret() -> None:
    assert place("matrix", token="another-token").key == place("matrix").key  # noqa: S106 - for a test
    assert place("ntfy", token="").key == place("ntfy").key
    assert place("telegram", token=BOT.replace("canary0", "another")).key == place("telegram").key
    assert place("matrix", room="!other:example.org").key != place("matrix").key


def test_a_webhook_without_a_secret_is_given_one() -> None:
    told = [place("webhook", secret="").fields["secret"] for _ in range(2)]
    assert told[0] != told[1]
    assert [len(key) for each in told for key in secrets_in(each)] == [32, 32]


def test_a_new_secret_stands_beside_the_one_before_until_the_next() -> None:
    first = place("webhook")
    second = with_new_secret(first)
    third = with_new_secret(second)
    assert secrets_in(second.fields["secret"])[1:] == secrets_in(first.fields["secret"])
    assert secrets_in(third.fields["secret"])[1] == secrets_in(second.fields["secret"])[0]
    assert len(secrets_in(third.fields["secret"])) == 2
    assert kept_target("webhook", third.as_json()) == third


def test_only_webhooks_have_a_secret_to_change() -> None:
    with pytest.raises(Invalid):
        with_new_secret(place("slack"))


def test_mail_is_no_place_to_push_to() -> None:
    with pytest.raises(Invalid, match="pushed to"):
        read_target("mail", {"address": "ada@example.org"})


@given(st.sampled_from(WAYS), st.dictionaries(st.sampled_from(("url", "token", "chat", "room", "secret")), st.text()))
def test_whatever_is_typed_in_is_a_place_or_invalid(way: Way, fields: dict[str, str]) -> None:
    try:
        target = read_target(way, fields)
    except Invalid:
        return
    assert kept_target(way, target.as_json()) == target

"""Settings choose who stands behind each port; what cannot be meant is refused when the house is opened."""

from pathlib import Path

import pytest

from broadsheet.clock import Clock
from broadsheet.errors import Invalid, Unavailable
from broadsheet.settings import Settings, read_settings
from broadsheet.wiring import open_house


def test_the_bundled_embedder_is_there_without_asking(tmp_path: Path, clock: Clock) -> None:
    with open_house(Settings(home=tmp_path), clock=clock) as house:
        assert [embedder.name for embedder in house.spaces.embedders] == ["broadsheet-static"]


def test_an_endpoint_is_asked_for_nothing_when_the_house_opens(tmp_path: Path, clock: Clock) -> None:
    chosen = Settings(
        home=tmp_path,
        embedder="http://127.0.0.1:9/v1",
        embedder_model="some-model",
        embedder_edition="second",
        embedder_weight=0.7,
    )
    with open_house(chosen, clock=clock) as house:
        wanted, bundled = house.spaces.embedders
        assert (wanted.name, wanted.weight, bundled.name) == ("remote:some-model", 0.7, "broadsheet-static")


def test_a_model_that_is_not_there_is_told_when_it_is_needed(tmp_path: Path, clock: Clock) -> None:
    chosen = Settings(home=tmp_path, embedder=f"onnx:{tmp_path / 'nowhere'}")
    with open_house(chosen, clock=clock) as house, pytest.raises((Invalid, Unavailable)):
        _ = house.spaces.embedders[0].name


@pytest.mark.parametrize(
    "told", [{"day_zone": "Mars/Olympus"}, {"day_hour": "25"}, {"trending_formula": "luck"}], ids=str
)
def test_a_day_or_a_formula_that_cannot_be_meant_is_refused(tmp_path: Path, told: dict[str, str]) -> None:
    with pytest.raises(Invalid) as raised:
        open_house(Settings(home=tmp_path, **told))
    assert {raised.value.field} == told.keys()


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"embedder": "napkins"}, "embedder"),
        ({"embedder": "onnx:"}, "embedder"),
        ({"embedder": "ftp://example.org"}, "embedder"),
        ({"embedder": "https://example.org/v1"}, "embedder_model"),
        ({"embedder": "onnx:some/model", "embedder_weight": "1.5"}, "embedder_weight"),
        ({"embedder": "onnx:some/model", "embedder_weight": "nan"}, "embedder_weight"),
        ({"embedder_weight": "much"}, "embedder_weight"),
    ],
    ids=str,
)
def test_an_embedder_that_cannot_be_meant_is_refused(tmp_path: Path, told: dict[str, str], field: str) -> None:
    environment = {f"BROADSHEET_{name.upper()}": value for name, value in told.items()}
    with pytest.raises(Invalid) as refused:
        open_house(read_settings(tmp_path, environment)).close()
    assert refused.value.field == field


@pytest.mark.parametrize(
    "told",
    [
        "napkins",
        "arxiv-oai=",
        "arxiv-oai=ftp://me:napkin@mirror.example",
        "arxiv-oai=https://[napkin",
        "arxiv-oia=https://mirror.example/napkin",
        "huggingface=https://mirror.example/api https://mirror.example/napkin",
    ],
)
def test_an_address_of_a_service_that_cannot_be_meant_is_refused_and_not_shown(tmp_path: Path, told: str) -> None:
    with pytest.raises(Invalid, match="addresses") as refused:
        open_house(Settings(home=tmp_path, addresses=told)).close()
    assert (refused.value.field, "napkin" in str(refused.value)) == ("addresses", False)


@pytest.mark.parametrize("embedder", ["ftp://me:napkin@example.org", "http://me:napkin@example.org/v1"])
def test_an_address_with_a_password_is_refused_and_not_shown(tmp_path: Path, embedder: str) -> None:
    chosen = Settings(home=tmp_path, embedder=embedder, embedder_model="some-model")
    with pytest.raises(Invalid) as refused:
        open_house(chosen).close()
    assert "napkin" not in str(refused.value)

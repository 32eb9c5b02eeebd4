"""Settings: environment over TOML, every mistake named."""

from pathlib import Path

import pytest

from broadsheet.errors import Invalid
from broadsheet.settings import Settings, read_settings


def test_defaults_need_nothing_but_a_home(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, {})
    assert settings == Settings(home=tmp_path)
    assert settings.store_url == f"sqlite:///{tmp_path / 'broadsheet.db'}"
    assert settings.index_folder == tmp_path / "index"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "broadsheet.toml").write_text('port = 9000\nsite_name = "Lab"\n', "utf-8")
    settings = read_settings(tmp_path, {"BROADSHEET_PORT": "9001"})
    assert (settings.port, settings.site_name) == (9001, "Lab")


def test_a_home_that_is_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Invalid, match="cannot be read"):
        read_settings(tmp_path / "file", {})


def test_the_home_comes_from_the_environment_when_none_is_given(tmp_path: Path) -> None:
    assert read_settings(None, {"BROADSHEET_HOME": str(tmp_path)}).home == tmp_path


def test_what_tells_programs_of_a_house_elsewhere_is_no_unknown_setting(tmp_path: Path) -> None:
    told = {"BROADSHEET_URL": "https://papers.example", "BROADSHEET_TOKEN": "bst_secret"}
    assert read_settings(tmp_path, told) == Settings(home=tmp_path)


def test_a_secret_is_in_no_picture_of_the_settings_and_in_no_complaint(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url="postgresql://me:napkin@db/x", embedder_key="sk-napkin")
    assert "napkin" not in repr(settings)
    (tmp_path / "broadsheet.toml").write_text('embedder_key = ["sk-napkin"]\n', "utf-8")
    with pytest.raises(Invalid) as caught:
        read_settings(tmp_path, {})
    assert (caught.value.field, "napkin" in str(caught.value)) == ("embedder_key", False)


@pytest.mark.parametrize(
    ("toml", "env", "field"),
    [
        ("prot = 1", {}, "prot"),
        ("", {"BROADSHEET_PROT": "1"}, "prot"),
        ('port = "nine"', {}, "port"),
        ("port = true", {}, "port"),
        ("site_name = 3", {}, "site_name"),
        ("", {"BROADSHEET_PORT": "nine"}, "port"),
        ("port = ", {}, "broadsheet.toml"),
    ],
)
def test_a_mistake_is_refused_by_name(tmp_path: Path, toml: str, env: dict[str, str], field: str) -> None:
    (tmp_path / "broadsheet.toml").write_text(toml, "utf-8")
    with pytest.raises(Invalid) as caught:
        read_settings(tmp_path, env)
    assert caught.value.field == field

"""Settings from the environment: names, files, limits, and every mistake at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import Meta

from wildwatch.runtime import settings
from wildwatch.runtime.settings import Secret, SettingsError


class Inner(msgspec.Struct, frozen=True, kw_only=True):
    port: Annotated[int, Meta(ge=1, le=65535, description="The port.")] = 80
    names: Annotated[tuple[str, ...], Meta(description="Some names.")] = ("a", "b")
    is_on: Annotated[bool, Meta(description="Whether.")] = False


class Outer(msgspec.Struct, frozen=True, kw_only=True):
    inner: Inner = Inner()
    token: Annotated[Secret, Meta(description="The token.")]
    other: Annotated[Secret | None, Meta(description="Another.")] = None
    level: Annotated[Literal["low", "high"], Meta(description="How much.")] = "low"
    share: Annotated[float, Meta(gt=0, lt=1, description="A share.")] = 0.5
    folder: Annotated[Path, Meta(description="A folder.")] = Path("var")


def load(**environ: str) -> Outer:
    return settings.load(Outer, {"WILDWATCH_TOKEN": "t0ps3cret", **environ})


def test_defaults_stand_where_nothing_is_said() -> None:
    loaded = load()
    assert (loaded.inner, loaded.level, loaded.share) == (Inner(), "low", 0.5)
    assert loaded.token.value == "t0ps3cret"
    assert loaded.other is None


def test_groups_are_part_of_the_name() -> None:
    loaded = load(
        WILDWATCH_INNER_PORT="8026", WILDWATCH_INNER_NAMES=" x , y,,z ", WILDWATCH_INNER_IS_ON="true",
        WILDWATCH_LEVEL="high", WILDWATCH_SHARE="0.25", WILDWATCH_FOLDER="/srv/x",
    )  # fmt: skip
    assert loaded.inner == Inner(port=8026, names=("x", "y", "z"), is_on=True)
    assert (loaded.level, loaded.share, loaded.folder) == ("high", 0.25, Path("/srv/x"))


@pytest.mark.parametrize(("text", "value"), [("1", True), ("0", False), ("true", True), ("False", False)])
def test_switches_are_read_as_people_write_them(text: str, value: bool) -> None:
    assert load(WILDWATCH_INNER_IS_ON=text).inner.is_on is value


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert load(WILDWATCH_INNER_PORT="  ").inner.port == 80


def test_a_file_gives_a_value(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("from the file\n")
    loaded = settings.load(Outer, {"WILDWATCH_TOKEN_FILE": str(file), "WILDWATCH_TOKEN": "from the variable"})
    assert loaded.token.value == "from the file"
    port = tmp_path / "port"
    port.write_text("8026")
    assert load(WILDWATCH_INNER_PORT_FILE=str(port)).inner.port == 8026


def test_every_mistake_is_told_at_once_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as wrong:
        settings.load(
            Outer,
            {
                "WILDWATCH_INNER_PORT": "70000", "WILDWATCH_INNER_IS_ON": "perhaps",
                "WILDWATCH_LEVEL": "loud",
                "WILDWATCH_SHARE": "half", "WILDWATCH_OTHER_FILE": str(tmp_path / "missing"),
            },
        )  # fmt: skip
    told = "\n".join(wrong.value.mistakes)
    assert len(wrong.value.mistakes) == 6
    for name in ("INNER_PORT", "INNER_IS_ON", "LEVEL", "SHARE", "OTHER_FILE", "TOKEN"):
        assert f"WILDWATCH_{name}" in told
    assert "70000" in told
    assert "WILDWATCH_TOKEN is missing: The token." in told
    assert "\n" in str(wrong.value)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"se\x00cret"])
def test_a_file_that_is_no_text_is_a_mistake_like_any_other(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match="WILDWATCH_TOKEN_FILE"):
        settings.load(Outer, {"WILDWATCH_TOKEN_FILE": str(file)})


def test_a_folder_for_a_file_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="WILDWATCH_TOKEN_FILE"):
        settings.load(Outer, {"WILDWATCH_TOKEN_FILE": str(tmp_path)})


def test_an_empty_secret_file_is_a_mistake(tmp_path: Path) -> None:
    """A secret that was to be written there and never was must not become an empty one."""
    file = tmp_path / "token"
    file.write_text("\n")
    with pytest.raises(SettingsError, match="WILDWATCH_TOKEN"):
        settings.load(Outer, {"WILDWATCH_TOKEN_FILE": str(file)})


def test_secrets_show_themselves_nowhere() -> None:
    loaded = load(WILDWATCH_OTHER="als0secret")
    for shown in (repr(loaded), str(loaded), f"{loaded.token} {loaded.token!r}", repr([loaded.other])):
        assert "t0ps3cret" not in shown
        assert "als0secret" not in shown


class Limited(msgspec.Struct, frozen=True, kw_only=True):
    secret: Annotated[Secret | None, Meta(description="A secret.")] = None
    port: Annotated[int, Meta(description="A port.")] = 1


def test_a_mistake_beside_a_secret_does_not_tell_it() -> None:
    with pytest.raises(SettingsError) as wrong:
        settings.load(Limited, {"WILDWATCH_SECRET": "t0ps3cret", "WILDWATCH_PORT": "x"})
    assert "t0ps3cret" not in str(wrong.value)


def test_the_example_lists_each_setting_once_with_what_it_is_for() -> None:
    text = settings.example([Outer, Outer])
    assert text.count("WILDWATCH_INNER_PORT=") == 1
    assert "# The port.\n# WILDWATCH_INNER_PORT=80\n" in text
    assert "# WILDWATCH_INNER_NAMES=a,b\n" in text
    assert "# WILDWATCH_INNER_IS_ON=false\n" in text
    assert "Best given as a file: WILDWATCH_TOKEN_FILE." in text
    assert "(must be given)" in text


def test_what_the_example_says_is_what_is_loaded() -> None:
    """Every line of the example, without its `#`, is accepted and gives the default."""
    lines = [
        line.removeprefix("# ") for line in settings.example([Outer]).splitlines() if "WILDWATCH_" in line
    ]
    environ = dict(line.split("=", 1) for line in lines if "=" in line and "(must be given)" not in line)
    again = load(**environ)
    assert (again.inner, again.level, again.share, again.folder) == (Inner(), "low", 0.5, Path("var"))

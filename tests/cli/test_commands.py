"""The command line: what it offers, and how it refuses."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.exc import OperationalError

from marketplace import cli
from marketplace.cli import COMMANDS, commands
from marketplace.errors import InvalidInput
from marketplace.settings import PROJECT
from tests.environment.application import make_environment


def marketplace(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "marketplace", *words],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


class Ended(NamedTuple):
    """How a command ended, and what it said."""

    code: object
    out: str
    err: str


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Run one command in this process, which is far quicker, as its own would run it."""

    def run(*words: str, **environment: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["marketplace", *words])
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Ended(ended.value.code, *capsys.readouterr())

    return run


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(name: str) -> None:
    answer = CliRunner().invoke(commands, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    assert name in CliRunner().invoke(commands, ["--help"]).output


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(commands, ["sell-everything"]).exit_code == 2


def test_the_commands_are_those_of_flask_as_well(app: Flask) -> None:
    assert app.cli is commands
    assert app.test_cli_runner().invoke(args=["serve", "--help"]).exit_code == 0


def test_wrong_settings_end_a_command_with_two_and_are_all_named() -> None:
    ended = marketplace("worker", DEMO="1", HOST="0.0.0.0", PORT="no")
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert "HOST" in ended.stderr
    assert "PORT" in ended.stderr


def test_a_refusal_ends_a_command_with_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def refuse() -> None:
        raise InvalidInput(field="day", value="31/02")

    monkeypatch.setattr(cli, "commands", refuse)
    monkeypatch.setattr(sys, "argv", ["marketplace"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == "invalid_input: field=day, value=31/02\n"


def test_setup_prepares_an_empty_folder(tmp_path: Path) -> None:
    environment = make_environment(f"sqlite:///{tmp_path / 'new.db'}", tmp_path)
    for _ in range(2):
        ended = marketplace("setup", **environment)
        assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "new.db").stat().st_size > 1_000_000


UNUSABLE = ("sqlite:////nonexist/a.db", "postgresql://u@127.0.0.1:1/x", "postgresql://u@h:abc/x")


@pytest.mark.parametrize("words", [("serve",), ("setup",), ("worker",)])
@pytest.mark.parametrize("url", UNUSABLE)
def test_a_database_that_cannot_be_opened_is_named(
    here: Callable[..., Ended], words: tuple[str, ...], url: str, tmp_path: Path
) -> None:
    ended = here(*words, **make_environment(url, tmp_path))
    assert ended.code == 2
    [heading, problem] = ended.err.splitlines()
    assert heading == "The settings need attention:"
    assert problem.startswith("  DATABASE_URL: ")


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Kính gửi phiên chợ OCOP, " * 100)
    ended = marketplace("setup", **make_environment(f"sqlite:///{tmp_path / 'letter.db'}", tmp_path))
    assert ended.returncode == 2
    assert "DATABASE_URL: file is not a database" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "words",
    [("serve",), ("worker",), ("reindex",), ("demo", "--products", "5"), ("import", "products", "README.md")],
)
def test_an_empty_database_wants_to_be_set_up(
    here: Callable[..., Ended], words: tuple[str, ...], tmp_path: Path
) -> None:
    ended = here(*words, **make_environment(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path))
    assert ended == Ended(1, "", "Error: the database is not prepared: run `marketplace setup` first\n")


def test_a_database_that_fails_under_way_ends_a_command_with_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def fail() -> None:
        raise OperationalError("INSERT", {}, OSError("disk full\nmore of it"))

    monkeypatch.setattr(cli, "commands", fail)
    monkeypatch.setattr(sys, "argv", ["marketplace"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    assert capsys.readouterr().err.endswith("(DATABASE_URL): disk full\n")

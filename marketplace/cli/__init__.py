"""The command line: `marketplace COMMAND`, which is also `flask --app wsgi COMMAND`."""

import sys

import click
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import OperationalError
from werkzeug.utils import import_string

from marketplace.cli.preconditions import reason_of
from marketplace.errors import MarketplaceError, SettingsError

COMMANDS: dict[str, str] = {
    "audit": "marketplace.cli.audit:audit",
    "db": "flask_migrate.cli:db",
    "demo": "marketplace.cli.demo:demo",
    "doctor": "marketplace.cli.doctor:doctor",
    "import": "marketplace.cli.importing:import_register",
    "privacy": "marketplace.cli.privacy:privacy",
    "producers": "marketplace.cli.producers:producers",
    "reindex": "marketplace.cli.search:reindex",
    "serve": "marketplace.cli.serve:serve",
    "setup": "marketplace.cli.database:setup",
    "test-gateway": "marketplace.cli.test_gateway.command:test_gateway",
    "user": "marketplace.cli.people:user",
    "worker": "marketplace.worker:worker",
}
"""Each command's name and where it stands; a command is imported when it is called."""


class Commands(AppGroup):
    """The commands of the marketplace."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return sorted({*COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of a name."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_string(COMMANDS[cmd_name])
        return command


commands = Commands(name="marketplace", help="Phiên chợ OCOP: the marketplace and its chores.")


def main() -> None:
    """Run one command; wrong settings end it with status 2, a refusal or a database gone with 1."""
    try:
        commands(obj=ScriptInfo(app_import_path="marketplace.app:create_app", set_debug_flag=False))
    except SettingsError as error:
        click.echo("The settings need attention:\n  " + "\n  ".join(error.problems), err=True)
        sys.exit(2)
    except MarketplaceError as error:
        details = ", ".join(f"{name}={value}" for name, value in error.parameters.items())
        click.echo(f"{error.code}: {details}", err=True)
        sys.exit(1)
    except OperationalError as error:
        click.echo(f"The database does not do its part (DATABASE_URL): {reason_of(error)}", err=True)
        sys.exit(1)

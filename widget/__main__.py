"""The command line: `widget COMMAND`, or `python -m widget COMMAND`. A command's code is imported when it is called."""

import sys
from importlib import import_module

import click

from widget import __version__
from widget.core.errors import Problem

# name -> module of widget.cli with a click command called `command`
COMMANDS = {
    "db": "db",
    "demo": "demo",
    "doctor": "doctor",
    "hook": "hook",
    "import": "import_",
    "init": "init",
    "outbox": "outbox",
    "serve": "serve",
    "setup-link": "setup_link",
    "site": "site",
    "user": "user",
    "work": "work",
}


class LazyGroup(click.Group):
    """Finds its commands in COMMANDS."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Alphabetical."""
        return sorted(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Import the command's module."""
        if name not in COMMANDS:
            return None
        command = import_module(f"widget.cli.{COMMANDS[name]}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"widget.cli.{COMMANDS[name]}.command is no command")
        return command


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="widget")
def cli() -> None:
    """Comments for any web page, on your own server.

    Settings come from WIDGET_… in the environment, over widget.toml in the current folder.
    """


def main() -> None:
    """Run the command line; a Problem is one line on stderr and exit code 1."""
    try:
        cli()
    except Problem as problem:
        click.echo(f"widget: {problem.message} ({problem.code})", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()

"""`widget import`: take in what another comment system exported."""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from widget.cli import application
from widget.core.errors import Problem
from widget.formats import FORMATS

if TYPE_CHECKING:
    from widget.formats import Format
    from widget.services.transfer import Report
    from widget.services.transfer_staging import Staging

_SHOWN = 20  # addresses of pages that are not on the site


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "key", required=True, help="The key of the site that takes the comments in.")
@click.option("--format", "name", type=click.Choice(["auto", *FORMATS]), default="auto", show_default=True)
@click.option("--dry-run", is_flag=True, help="Do everything, show what it came to, and undo it.")
@click.option("--map", "moves", multiple=True, metavar="OLD=NEW", help="A host of the export and what it is now.")
def command(files: tuple[Path, ...], key: str, name: str, dry_run: bool, moves: tuple[str, ...]) -> None:  # noqa: FBT001 - click passes it by name
    """Import FILES that another system exported (docs/import.md says how to get them).

    Nothing is changed unless every file is whole. What was imported before is left as it is, so it can be run again.
    """
    from widget.services import sites, transfer

    with application(), transfer.stage(site := sites.by_key(key), moves) as staging:
        source = _read(files, name, staging)
        with click.progressbar(length=staging.counts.comments, label="Storing", file=sys.stderr) as bar:
            report = transfer.store(site, source, staging, dry_run=dry_run, progress=bar.update)
    begun = "Dry run, nothing was changed" if dry_run else "Imported"
    click.echo(f"{begun}: {', '.join(file.name for file in files)} into {key}\n")
    for line in _lines(report, key):
        click.echo(line)


def _read(files: tuple[Path, ...], name: str, staging: "Staging") -> str:
    """Stage every file; the source they have in common. Raises Problem("import.bad_file") that names the file."""
    sources = set()
    with ExitStack() as stack:
        opened = [(path, stack.enter_context(path.open("rb"))) for path in files]
        total = sum(path.stat().st_size for path in files)
        bar = stack.enter_context(click.progressbar(length=total, label="Reading", file=sys.stderr))
        for path, file in opened:
            try:
                found = _format(file, name)
                sources.add(found.source)
                staging.add(found.read(_Counted(file, bar.update)))  # type: ignore[arg-type]  # reading is all it is asked for
            except Problem as problem:
                if problem.code != "import.bad_file":
                    raise
                raise Problem(problem.code, reason=f"{path}: {problem.details['reason']}") from None
    if len(sources) > 1:
        raise Problem("import.bad_file", reason="the files are of different systems: import them one system at a time")
    return sources.pop()


def _format(file: BinaryIO, name: str) -> "Format":
    from widget import formats

    return formats.detect(file) if name == "auto" else formats.load(name)


class _Counted:
    """A file that tells how much of it was read."""

    def __init__(self, file: BinaryIO, progress: Callable[[int], None]) -> None:
        self._file, self._progress = file, progress

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self._progress(len(block))
        return block


def _lines(report: "Report", key: str) -> list[str]:
    stored = report.stored
    states = ", ".join(f"{number:,} {state}" for state, number in report.states.items())
    rows = [
        ("comments", stored.comments_new, f"new (of {report.read:,} in the export: {states})" if states else "new"),
        ("", stored.comments_known, "here already, left as they are"),
        ("threads", stored.threads_new, "new"),
        ("", stored.threads_changed, "with new comments"),
        ("people", stored.people_new, "new"),
        ("orphans", stored.orphans, "replies whose parent is not there, now at the top of their thread"),
        ("raised", stored.raised, "replies to pending or spam comments, now under the comment above"),
        ("times", report.guessed_times, "comments without a usable time, given that of what stands nearby"),
        *(("left out", number, reason) for reason, number in report.left_out.items()),
        ("not here", sum(report.unmatched.values()), f"comments on {len(report.unmatched):,} pages outside of {key}"),
    ]
    always = {"comments", "threads", "people"}
    lines = [f"  {name:<9}{number:>9,}  {words}" for name, number, words in rows if number or name in always]
    if report.unmatched:
        ordered = sorted(report.unmatched.items())
        lines += ["", "Pages that are on none of the site's origins; their comments were left out:"]
        lines += [f"  {number:>9,}  {address[:200]}" for address, number in ordered[:_SHOWN]]
        if len(ordered) > _SHOWN:
            lines.append(f"             … and {len(ordered) - _SHOWN:,} more")
        lines += ["If they are pages of this site under an older name, run it again with --map OLD=NEW (hosts)."]
    return lines

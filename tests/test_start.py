"""A worker has in memory what answering needs: what few requests need is imported by the first of them."""

import subprocess
import sys
from pathlib import Path

from tests.support import stores

RARE = "PIL alembic babel defusedxml dns emoji granian mako psycopg pygments".split()
ANSWERING = """
import sys
from tests.support.api import Page, add_site
from widget import create_app
app = create_app({"DATABASE_URL": sys.argv[1], "SECRET_KEY": "s" * 40})
add_site(app)
page = Page(app.test_client()).be_guest()
page.posted("Hello *world*, https://example.org/")
assert len(page.comments()) == 1
print(*sorted(set(sys.argv[2:]) & set(sys.modules)))
"""
USING = "import emoji, pygments, sys; print(*sorted(set(sys.argv[2:]) & set(sys.modules)))"


def loaded(code: str, url: str) -> list[str]:
    """Which of the rare ones are there after `code`."""
    done = subprocess.run([sys.executable, "-c", code, url, *RARE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_what_is_rare_is_not_loaded_by_reading_and_writing(sqlite_store: stores.SQLite, tmp_path: Path) -> None:
    with sqlite_store.fresh(tmp_path) as url:
        assert loaded(ANSWERING, url) == []
        assert loaded(USING, url) == ["emoji", "pygments"]  # they are seen where they are

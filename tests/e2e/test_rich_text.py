"""What is written richly is seen so: code in colours, a person who is named, emoji, a picture from our own server."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.pictures import picture
from tests.support import live as rig
from tests.support import stores, tls
from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.hosts import article, strict_policy
from tests.support.live import Live
from tests.support.pictures import PictureServer, picture_server, png
from tests.support.reader import Reader

TEXT = """@Marta Rossi, look :tada:

![a red square](https://pictures.test/square.png)

```python
@cached
def kiln(degrees: int = 1_200) -> str:
    \"\"\"How hot it is.\"\"\"
    return f"{degrees} °C"  # measured
```

```diff
@@ -1 +1 @@
-cold
+hot
```
"""
HUES = {"k": "def", "n": "kiln", "m": "1_200", "c": "# measured", "d": "-cold", "i": "+hot"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PictureServer]:
    with picture_server(tmp_path_factory.mktemp("pictures")) as running:
        yield running


@pytest.fixture(scope="module")
def live(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_store: stores.SQLite,
    certificate: tls.Identity,
    place: PictureServer,
) -> Iterator[Live]:
    """A system of its own, whose site shows pictures and whose server finds the one that has them."""
    folder = tmp_path_factory.mktemp("rich")
    environ = {"WIDGET_PRIVATE_HOSTS": place.private_hosts, "REQUESTS_CA_BUNDLE": str(place.authority)}
    with sqlite_store.fresh(folder) as url, rig.live(folder, url, certificate, environ=environ) as running:
        running.widget("site", "set", rig.SITE, "images=true")
        yield running


@pytest.mark.parametrize(("theme", "size"), [("light", DESKTOP), ("dark", PHONE)], ids=["light", "dark"])
def test_a_rich_comment(
    live: Live, visit: Callable[..., Visitor], place: PictureServer, theme: str, size: dict[str, object]
) -> None:
    place.put("/square.png", png("red"))
    html = article(f"In {theme}").replace('data-site="blog"', f'data-site="blog" data-theme="{theme}"')
    url = live.host_page(f"/rich/{theme}", html, headers=strict_policy(live.server))
    marta = Reader(visit().page()).open(url)
    marta.write("I have a kiln.")
    marta.as_guest("Marta Rossi")
    marta.send("I have a kiln.")
    elio = Reader(visit(**size).page()).open(url)
    elio.write(TEXT)
    elio.as_guest("Elio")
    comment = elio.send("measured")
    expect(comment.locator(".at")).to_have_text("@Marta Rossi")
    expect(comment).to_contain_text("look 🎉")
    for letter, words in HUES.items():
        expect(comment.locator(f"pre .{letter}").filter(has_text=words).first).to_be_visible()
    colours = comment.locator("pre span").evaluate_all("spans => spans.map(one => getComputedStyle(one).color)")
    assert len(set(colours)) >= 5
    image = comment.get_by_role("img", name="a red square")
    expect(image).to_have_js_property("naturalWidth", 64)
    expect(image).to_have_attribute("src", re.compile(f"^{re.escape(live.server)}/pictures/[0-9a-f]{{40}}$"))
    width = elio.page.evaluate("innerWidth - document.scrollingElement.scrollWidth")
    assert width >= 0
    picture(elio.page, f"rich-{theme}")

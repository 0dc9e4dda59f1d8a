"""Comments that are there before a test looks: posted by the API, from a page of the blog."""

from collections.abc import Callable
from typing import Any

from tests.support.browser import Visitor
from tests.support.live import Live

_POST = """async ({server, name, page, texts}) => {
  const key = () => crypto.randomUUID().replaceAll("-", "");
  const send = async (path, body, headers = {}) => {
    const all = { "Content-Type": "application/json", "Idempotency-Key": key(), ...headers };
    const asked = { method: "POST", headers: all, body: JSON.stringify(body) };
    const answer = await fetch(`${server}/api/v1/${path}`, asked);
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
  const { token } = await send("session", { site: "blog", guest: { name } });
  const ids = [];
  for (const text of texts) {
    const { comment } = await send("comments", { site: "blog", page, text }, { Authorization: `Bearer ${token}` });
    ids.push(comment.id);
  }
  return ids;
}"""


def post(live: Live, visit: Callable[..., Visitor], *texts: str, name: str = "Marta", **page: str) -> list[str]:
    """A guest's comments on the page {"url", "id"?, "title"?}; their ids."""
    tab = visit().page()
    tab.goto(live.host_page("/blank/", "<!doctype html><title>Blank</title>"))
    asked: dict[str, Any] = {"server": live.server, "name": name, "page": page, "texts": list(texts)}
    ids: list[str] = tab.evaluate(_POST, asked)
    tab.close()
    return ids

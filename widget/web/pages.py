"""What the server's own pages share: their words, the one nonce, their cookies, where they may lead."""

import base64
import hashlib
import re
import secrets
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, g, render_template, request

from widget import words
from widget.core import tokens, urls
from widget.services import consents, logins

NO_FORM = "form-action 'none'; "
OWN_FORM = "form-action 'self'; "
# A form whose answer leads on to a site or a provider: Chromium holds form-action against that redirect too.
ANY_FORM = ""
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def render(name: str, lang: str, *, form_action: str = NO_FORM, **values: object) -> Response:
    """The page of a template; `policy` will say `form_action`."""
    g.form_action = form_action
    return Response(_html(name, lang, nonce=nonce(), **values), mimetype="text/html")


def still(name: str, lang: str, **values: object) -> bytes:
    """A page without a script, the same for everybody who gets these values: caches may keep it. See `still_policy`."""
    return _html(name, lang, nonce=None, **values).encode()


def redirect(url: str) -> Response:
    """303: whatever the method was, the browser asks for `url` with GET."""
    return Response(status=303, headers={"Location": url})


def policy(*more: str) -> str:
    """The content security policy: nothing but what carries the nonce, and `more`; no page may frame this one."""
    form_action = g.get("form_action", NO_FORM)
    rules = (f"script-src 'nonce-{nonce()}'", f"style-src 'nonce-{nonce()}'", *more)
    return f"default-src 'none'; {'; '.join(rules)}; {form_action}base-uri 'none'; frame-ancestors 'none'"


def keep_private(response: Response, *rules: str) -> Response:
    """Nothing frames this page, opens it with a handle to it, or keeps it; `rules` as for `policy`.

    `same-origin`: with no referrer at all browsers would send its forms with `Origin: null`.
    """
    response.headers["Content-Security-Policy"] = policy(*rules)
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def still_policy(page: bytes) -> str:
    """The policy of a page that `still` made: it names the page's style by its hash, as a nonce must not be kept."""
    found = _STYLE.search(page.decode())
    style = base64.b64encode(hashlib.sha256((found[1] if found else "").encode()).digest()).decode()
    rules = f"default-src 'none'; style-src 'sha256-{style}'; img-src 'self'; {OWN_FORM}"
    return f"{rules}base-uri 'none'; frame-ancestors 'none'"


def nonce() -> str:
    """This answer's nonce."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    found: str = g.nonce
    return found


def language() -> str:
    """What the request wishes for: `lang`, else the site's (see `speak`), else what the browser prefers."""
    return words.choose(request.args.get("lang", ""), g.get("site_language", ""), *request.accept_languages.values())


def speak(lang: str) -> None:
    """The language of a page's site, where it has one."""
    g.site_language = lang


def cookie(name: str) -> str | None:
    """The value of one of our cookies."""
    return request.cookies.get(_cookie_name(name))


def set_cookie(response: Response, name: str, value: str, *, seconds: int | None, strict: bool = False) -> None:
    """One of our cookies; `seconds` None: until the browser is closed. `strict`: no link from elsewhere carries it."""
    response.set_cookie(_cookie_name(name), value, max_age=seconds, samesite="Strict" if strict else "Lax", **_ours())


def drop_cookie(response: Response, name: str) -> None:
    """Take it away."""
    response.delete_cookie(_cookie_name(name), samesite="Lax", **_ours())


def browser(*, fresh: bool = False) -> str:
    """The secret that binds a sign-in to this browser; `fresh` makes one where there is none, and renews its time.

    It is kept when there is one: sign-ins of several tabs run side by side.
    """
    found = cookie("cw_tx") or ""
    if not fresh:
        return found
    g.browser = found if tokens.is_secret(found) else tokens.secret()
    made: str = g.browser
    return made


def set_cookies(response: Response) -> Response:
    """Send along what this request came to: `g.browser`, `g.remember`, `g.me` and `g.desk`."""
    for name, key, seconds in (
        ("cw_tx", "browser", int(logins.LIFE.total_seconds())),
        ("cw_known", "remember", int(consents.KNOWN_FOR.total_seconds())),
        ("cw_me", "me", None),  # until the browser is closed; the server ends it sooner
        ("cw_desk", "desk", None),
    ):
        if value := g.get(key):
            set_cookie(response, name, value, seconds=seconds, strict=name == "cw_desk")
    return response


def onward(url: str, lang: str) -> Response:
    """A page that leads on to another of ours by itself.

    Browsers keep a SameSite=Strict cookie back wherever somebody else's page began the way here, through all redirects;
    what this page begins is ours.
    """
    return render("auth/onward", lang, url=url)


def account_url(lang: str, path: str = "") -> str:
    """The account page, or a page of it."""
    return f"{public_url()}/account{path}?lang={lang}"


def desk_url(path: str = "", **query: str) -> str:
    """The desk, or a page of it."""
    return f"{public_url()}/admin{path}{f'?{urlencode(query)}' if query else ''}"


def public_url() -> str:
    """Where browsers reach this server; never what a request's Host says."""
    url: str = current_app.config["PUBLIC_URL"]
    return url


def origin() -> str:
    """The origin of this server's own pages."""
    return urls.origin_of(public_url())


def _html(name: str, lang: str, **values: object) -> str:
    said, direction = words.words(lang), words.direction(lang)
    return render_template(f"{name}.html", lang=lang, dir=direction, words=said, **values)


def _ours() -> dict[str, Any]:
    return {"path": "/", "secure": _is_https(), "httponly": True}


def _cookie_name(name: str) -> str:
    """With https the prefix keeps sibling hosts from planting one; plain http (development) cannot have it."""
    return f"__Host-{name}" if _is_https() else name


def _is_https() -> bool:
    return public_url().startswith("https:")

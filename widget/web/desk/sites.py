"""/admin/sites: the sites somebody runs, the settings of each, and what to put on its pages."""

from typing import Any

from flask import Response, current_app, request

from widget import providers, words
from widget.core.errors import Problem
from widget.services import site_admin, site_rows, sites, transaction
from widget.services.site_rows import SettingRow
from widget.services.sites import SiteInfo
from widget.services.staff import Need
from widget.web import pages
from widget.web.desk import room, sheet, speech

_OURS = {"site.bad_key", "site.exists", "site.bad_origin", "site.no_origin"}


@room.page("/sites", need=Need.MODERATOR, nav="sites")
def show_all() -> Response:
    """The sites of who is here."""
    return sheet.show("sites/all", sites=room.my_sites(), here=room.here(), Need=Need)


@room.page("/new-site", need=Need.ADMINISTRATOR)
def ask_new() -> Response:
    """The form for another one."""
    return sheet.show("sites/new", given={}, problem=None)


@room.act("/new-site", need=Need.ADMINISTRATOR)
def add() -> Response:
    """Another one."""
    given = {name: request.form.get(name, "").strip() for name in ("key", "name", "origins")}
    try:
        transaction.write(
            lambda session: site_admin.add(session, given["key"], given["name"], given["origins"].split())
        )
    except Problem as problem:
        if problem.code not in _OURS:
            raise
        response = sheet.show("sites/new", given=given, problem=problem, explain=sheet.explain)
        response.status_code = problem.status
        return response
    return sheet.done(f"/sites/{given['key']}", "added")


@room.page("/sites/<site>", need=Need.OWNER)
def show(site: SiteInfo) -> Response:
    """Its settings, the tag for its pages, and how the comments look there."""
    return _form(site)


@room.act("/sites/<site>", need=Need.OWNER)
def save(site: SiteInfo) -> Response:
    """Everything that the form says, at once; readers have it with their next request."""
    changed, wrong = site_rows.changes(site, _sent())
    version, origins, problem = request.form.get("version", ""), [], None
    try:
        origins = site_admin.checked_origins(request.form.get("origins", "").split())
    except Problem as found:
        problem = found
    if wrong or problem:
        response = _form(site, wrong=wrong, problem=problem, given=_sent())
        response.status_code = 422
        return response
    transaction.write(
        lambda session: sites.change(
            session,
            site.key,
            settings=changed,
            origins=origins,
            name=site_admin.named(request.form.get("name", "")),
            version=int(version) if version.isdecimal() and len(version) < 10 else -1,
        )
    )
    return sheet.done(f"/sites/{site.key}", "saved")


@room.page("/sites/<site>/remove", need=Need.ADMINISTRATOR)
def ask_remove(site: SiteInfo) -> Response:
    """Say what would go with it, and ask for its key."""
    return sheet.show("sites/remove", site=site, comments=site_admin.comments_of(site), problem=None)


@room.act("/sites/<site>/remove", need=Need.ADMINISTRATOR)
def remove(site: SiteInfo) -> Response:
    """It is gone with all its conversations, once its key was written."""
    if request.form.get("key", "").strip() != site.key:
        response = sheet.show("sites/remove", site=site, comments=site_admin.comments_of(site), problem="remove.wrong")
        response.status_code = 422
        return response
    transaction.write(lambda session: site_admin.remove(session, site.id))
    return sheet.done("/sites", "removed")


def _sent() -> dict[str, list[str]]:
    """The form; of the providers the boxes that are on, none of them written as the word for it."""
    form = {name: request.form.getlist(name) for name in request.form}
    offered = [row.id for row in _configured()]
    chosen = [one for one in offered if one in form.get("providers", [])]
    if offered:
        form["providers"] = [] if chosen == offered else chosen or [sites.NO_PROVIDER]
    return form


def _configured() -> list[providers.Provider]:
    return list(providers.configured(current_app.config))


def _form(
    site: SiteInfo,
    *,
    wrong: set[str] | None = None,
    problem: Problem | None = None,
    given: dict[str, list[str]] | None = None,
) -> Response:
    lang = speech.language()
    offered = _configured()
    groups: dict[str, list[SettingRow]] = {}
    for row in site_rows.rows():
        if row.name != "providers" or offered:
            groups.setdefault(row.group, []).append(row)
    said = site.settings.language
    tag_lang = request.args.get("embed_lang", "" if said == sites.AUTO else said)
    look = {
        "lang": tag_lang if tag_lang in words.languages() else "",
        "theme": theme if (theme := request.args.get("theme", site.settings.theme)) in site_admin.THEMES else "auto",
    }
    values: dict[str, Any] = {
        "site": site,
        "groups": groups,
        "wrong": wrong or set(),
        "problem": sheet.explain(problem) if problem else None,
        "texts": {row.name: _text(row, site, given) for rows in groups.values() for row in rows},
        "ticked": lambda row, word: _ticked(row, word, site, given),
        "origins": "\n".join(given.get("origins", [""]) if given else sorted(site.origins)),
        "called": given.get("name", [""])[0] if given else site.name,
        "provider_names": {row.id: row.called(lang) for row in offered},
        "tag": site_admin.tag(site, pages.public_url(), **look),
        "look": look,
        "themes": site_admin.THEMES,
        "embed_languages": words.languages(),
        "may_remove": room.here().may(Need.ADMINISTRATOR),
        "has": speech.has,
    }
    room.allow("frame-src 'self'")
    return sheet.show("sites/one", **values)


def _text(row: SettingRow, site: SiteInfo, given: dict[str, list[str]] | None) -> str:
    if given is None or row.kind == "secret":
        return row.text(site)
    return "\n".join(given.get(row.name, []))


def _ticked(row: SettingRow, word: str, site: SiteInfo, given: dict[str, list[str]] | None) -> bool:
    """Whether a box of the form is on."""
    if row.kind == "flag":
        return bool(given.get(row.name)) if given is not None else getattr(site.settings, row.name)
    held = given.get(row.name, []) if given is not None else getattr(site.settings, row.name)
    return word in held or (row.name == "providers" and not held)

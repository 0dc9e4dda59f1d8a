"""What every page of the desk is made of: its frame, its words, the word of its forms, and where a form leads."""

from flask import Response, g, request

from widget import moments
from widget.core.errors import Problem
from widget.services.signin import Stopped
from widget.web import errors, pages
from widget.web.desk import room, speech


def show(name: str, /, *, csrf: str | None = None, form_action: str = pages.OWN_FORM, **values: object) -> Response:
    """The page of templates/desk/`name`.html. Its forms carry `csrf`: the word for who is here, unless given."""
    lang = speech.language()
    at = request.path.removeprefix("/admin").strip("/").partition("/")[0]
    frame = {
        "t": speech.speaker(lang),
        "csrf": room.FORMS.word(room.secret()) if csrf is None else csrf,
        "url": pages.desk_url,
        "navigation": room.navigation() if "staff" in g else (),
        "inside": "staff" in g,
        "at": at,
        "done": said if speech.has(said := f"done.{request.args.get('done', '')}") else None,
        "languages": speech.languages(),
        "turned": _turned,
        "moment": lambda when: moments.moment(when, lang),
    }
    return pages.render(f"desk/{name}", lang, form_action=form_action, **frame | values)


def done(path: str, word: str = "", **query: str) -> Response:
    """After a form: back to the page `path`, which says the words `done.word`."""
    return pages.redirect(pages.desk_url(path, **query, **({"done": word} if word else {})))


@room.blueprint.errorhandler(Exception)
def failed(error: Exception) -> Response:
    """Say it in words, in a page like the others."""
    problem = error.problem if isinstance(error, Stopped) else errors.as_problem(error)
    response = show("trouble", code=problem.code, text=explain(problem))
    response.status_code = problem.status
    return response


@room.blueprint.after_request
def keep_language(response: Response) -> Response:
    """See `speech.remember`."""
    return speech.remember(response)


def explain(problem: Problem | str) -> str:
    """The words of a refusal: the desk's own where it has them, else those of the row."""
    code = problem if isinstance(problem, str) else problem.code
    if speech.has(f"problem.{code}"):
        return speech.speaker(speech.language())(f"problem.{code}")
    return problem.message if isinstance(problem, Problem) else Problem(code).message


def _turned(code: str) -> str:
    """This page in another language."""
    kept = {name: value for name, value in request.args.items() if name not in {"lang", "done"}}
    return pages.desk_url(request.path.removeprefix("/admin"), **kept, lang=code)

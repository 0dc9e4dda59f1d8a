"""/admin/figures: what happened on sites, as plots with a table behind each, and as files for spreadsheets."""

from flask import Response, request

from widget.core import charts, csvs, spans
from widget.core.spans import Span
from widget.services import figures, reception
from widget.services.figures import Figures, Series
from widget.services.signin_days import GUEST
from widget.services.staff import Need
from widget.web.desk import room, sheet, speech

FILES = ("figures", "pages")
PLOTTED = ("comments", "people", "likes", "held", "answer_minutes")
MOST_PROVIDERS = 5  # with a colour of their own; the others are one


@room.page("/figures", need=Need.MODERATOR, nav="figures")
def show() -> Response:
    """The figures of one site of theirs, or of all of them together."""
    chosen, meant = room.chosen_sites()
    span = _span()
    found = figures.read([site.id for site in meant], span)
    names = {site.id: site.name for site in room.my_sites()}
    return sheet.show(
        "figures",
        chosen=chosen.key if chosen else "",
        sites=room.my_sites(),
        span=span,
        steps=spans.STEPS,
        found=found,
        plots=[(name, [getattr(found, name)]) for name in PLOTTED],
        signins=_few(found.signins),
        called=_called,
        chart=lambda series: charts.stacked([[number or 0 for number in one.numbers] for one in series]),
        size=(charts.WIDTH, charts.HEIGHT),
        days=span.labels(),
        site_name=names.get,
        query={"site": chosen.key if chosen else "", "from": span.first, "to": span.last, "step": span.step},
    )


@room.page("/figures/<file>.csv", need=Need.MODERATOR)
def download(file: str) -> Response:
    """The same as a file."""
    chosen, meant = room.chosen_sites()
    span = _span()
    found = figures.read([site.id for site in meant], span)
    text = _pages(found) if file == "pages" else _numbers(found, span)
    response = Response(f"\ufeff{text}", mimetype="text/csv")  # spreadsheets know UTF-8 by its mark
    name = f"{file}-{chosen.key if chosen else 'all'}-{span.first}-{span.last}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _file(name: str) -> tuple[None, str]:
    return None, room.one_of(name, FILES)


room.subject("file", _file)


def _span() -> Span:
    asked = request.args
    return spans.of(asked.get("from", ""), asked.get("to", ""), asked.get("step", ""))


def _numbers(found: Figures, span: Span) -> str:
    columns = [getattr(found, name) for name in PLOTTED]
    head = [span.step, *PLOTTED, *(f"signins_{one.name}" for one in found.signins)]
    numbers = zip(*(one.numbers for one in (*columns, *found.signins)), strict=True)
    return csvs.table(head, ([day.isoformat(), *row] for day, row in zip(span.labels(), numbers, strict=True)))


def _pages(found: Figures) -> str:
    return csvs.table(["page", "title", "comments"], ([one.url, one.title, one.comments] for one in found.pages))


def _few(series: tuple[Series, ...]) -> list[Series]:
    """As many as there are colours for."""
    shown = list(series[:MOST_PROVIDERS])
    if rest := series[MOST_PROVIDERS:]:
        together = zip(*(one.numbers for one in rest), strict=True)
        shown.append(Series("others", tuple(sum(number or 0 for number in column) for column in together)))
    return shown


def _called(provider: str) -> str:
    """A provider, as people call it."""
    lang = speech.language()
    if provider in {GUEST, "others"}:
        return speech.speaker(lang)(f"figures.{provider}")
    return reception.shown_name(provider, lang)

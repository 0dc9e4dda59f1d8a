"""GET /api/v1/site: what the composer must know of the site, and where one can sign in."""

from flask import Blueprint, Response, current_app, request

from widget import providers
from widget.core import payload
from widget.providers import icons
from widget.services import sites
from widget.services.mail import post
from widget.web import guards
from widget.web.api import schema

blueprint = Blueprint("site", __name__)
_SHOWN = tuple(name for name in schema.SiteView.__struct_fields__ if name not in {"key", "name"})


@blueprint.get("/site")
@schema.describe(query=schema.SiteQuery, answer=(200, schema.SiteAnswer), errors=(400, 404))
def read() -> Response:
    """A site's public rules and its providers, in the order in which they are offered."""
    site = guards.site_of_query()
    answer = {
        "site": {"key": site.key, "name": site.name, **{name: getattr(site.settings, name) for name in _SHOWN}},
        "providers": [
            {
                "id": row.id,
                "name": row.name,
                **({"names": dict(row.names)} if row.names else {}),
                "icon": icons.icon(row.id, row.options),
                **({"asks": row.asks} if row.asks else {}),
            }
            for row in providers.configured(current_app.config)
            if sites.offers(site, row.id)
        ],
        "mail": post.is_on(),
        "account": "account.show" in current_app.view_functions,
    }
    response = Response(payload.encode(answer), mimetype="application/json")
    response.headers["Cache-Control"] = "public, max-age=60"
    response.add_etag()
    response.make_conditional(request)
    return response

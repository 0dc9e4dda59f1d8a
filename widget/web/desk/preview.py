"""How a site's comments look, as a page in the page of its settings.

It stands in a sandbox of its own: what runs in it has no origin, so no cookie, no storage and no way to the desk, and
it reads what everybody may read. Signing in and writing are not of it: an origin that is none is on no site's list.
"""

from flask import Response, request

from widget import words
from widget.services import site_admin
from widget.services.sites import SiteInfo
from widget.services.staff import Need
from widget.web import pages
from widget.web.desk import room


@room.page("/sites/<site>/preview", need=Need.OWNER)
def show(site: SiteInfo) -> Response:
    """The comments of its newest page, with `theme` and `embed_lang` as in the tag."""
    lang, theme = request.args.get("embed_lang", ""), request.args.get("theme", "auto")
    response = pages.render(
        "desk/sites/preview",
        lang if lang in words.languages() else "en",
        site=site,
        page=site_admin.busiest_page(site),
        server=pages.public_url(),
        theme=theme if theme in site_admin.THEMES else "auto",
    )
    ours = pages.origin()
    room.replace_policy(
        f"default-src 'none'; sandbox allow-scripts; script-src {ours}; connect-src {ours}; img-src {ours}; "
        f"style-src 'nonce-{pages.nonce()}'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
    return response

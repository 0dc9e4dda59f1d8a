"""One table a file."""

from widget.models.account_session import AccountSession
from widget.models.app_registration import AppRegistration
from widget.models.avatar import Avatar
from widget.models.comment import Comment
from widget.models.consent import Consent
from widget.models.flag import Flag
from widget.models.idempotency import Idempotency
from widget.models.identity import Identity
from widget.models.imported import ImportedAuthor, ImportedComment
from widget.models.known_browser import KnownBrowser
from widget.models.login import Login
from widget.models.mention import Mention
from widget.models.notice import Notice
from widget.models.outbox import Outbox
from widget.models.parked_form import ParkedForm
from widget.models.picture import Picture, PictureUse
from widget.models.reaction import Reaction
from widget.models.revision import Revision
from widget.models.role import Role
from widget.models.session import Session
from widget.models.site import Site, SiteOrigin
from widget.models.subscription import Subscription
from widget.models.thread import Thread, ThreadAlias
from widget.models.ticket import Ticket
from widget.models.used_link import UsedLink
from widget.models.user import User

__all__ = [
    "AccountSession",
    "AppRegistration",
    "Avatar",
    "Comment",
    "Consent",
    "Flag",
    "Idempotency",
    "Identity",
    "ImportedAuthor",
    "ImportedComment",
    "KnownBrowser",
    "Login",
    "Mention",
    "Notice",
    "Outbox",
    "ParkedForm",
    "Picture",
    "PictureUse",
    "Reaction",
    "Revision",
    "Role",
    "Session",
    "Site",
    "SiteOrigin",
    "Subscription",
    "Thread",
    "ThreadAlias",
    "Ticket",
    "UsedLink",
    "User",
]

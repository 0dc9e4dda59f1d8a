"""One table a file."""

from widget.models.account_session import AccountSession
from widget.models.administrator import Administrator
from widget.models.app_registration import AppRegistration
from widget.models.arrival import Arrival
from widget.models.avatar import Avatar
from widget.models.comment import Comment
from widget.models.consent import Consent
from widget.models.desk_session import DeskSession
from widget.models.fingerprint import Fingerprint
from widget.models.flag import Flag
from widget.models.hook import Hook, HookTry
from widget.models.idempotency import Idempotency
from widget.models.identity import Identity
from widget.models.imported import ImportedAuthor, ImportedComment
from widget.models.known_browser import KnownBrowser
from widget.models.lesson import Lesson, Word
from widget.models.login import Login
from widget.models.mention import Mention
from widget.models.moderation_log import LogEntry, LogHead
from widget.models.notice import Notice
from widget.models.outbox import Outbox
from widget.models.parked_form import ParkedForm
from widget.models.picture import Picture, PictureUse
from widget.models.reaction import Reaction
from widget.models.reply_address import ReplyAddress
from widget.models.revision import Revision
from widget.models.role import Role
from widget.models.session import Session
from widget.models.setup_link import SetupFailure, SetupLink
from widget.models.signin_day import SigninDay
from widget.models.site import Site, SiteOrigin
from widget.models.site_rule import SiteRule
from widget.models.standing import Standing
from widget.models.subscription import Subscription
from widget.models.tally import Tally
from widget.models.thread import Thread, ThreadAlias
from widget.models.thread_change import ThreadChange
from widget.models.ticket import Ticket
from widget.models.unseen_reaction import UnseenReaction
from widget.models.used_link import UsedLink
from widget.models.user import User
from widget.models.webmention import ToldMention, Webmention

__all__ = [
    "AccountSession",
    "Administrator",
    "AppRegistration",
    "Arrival",
    "Avatar",
    "Comment",
    "Consent",
    "DeskSession",
    "Fingerprint",
    "Flag",
    "Hook",
    "HookTry",
    "Idempotency",
    "Identity",
    "ImportedAuthor",
    "ImportedComment",
    "KnownBrowser",
    "Lesson",
    "LogEntry",
    "LogHead",
    "Login",
    "Mention",
    "Notice",
    "Outbox",
    "ParkedForm",
    "Picture",
    "PictureUse",
    "Reaction",
    "ReplyAddress",
    "Revision",
    "Role",
    "Session",
    "SetupFailure",
    "SetupLink",
    "SigninDay",
    "Site",
    "SiteOrigin",
    "SiteRule",
    "Standing",
    "Subscription",
    "Tally",
    "Thread",
    "ThreadAlias",
    "ThreadChange",
    "Ticket",
    "ToldMention",
    "UnseenReaction",
    "UsedLink",
    "User",
    "Webmention",
    "Word",
]

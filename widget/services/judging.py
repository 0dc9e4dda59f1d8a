"""Judging a comment: what the checks must know is found out before the transaction, what must be exact within it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import BigInteger, bindparam, func, or_, select
from sqlalchemy.orm import Session

from widget import checks
from widget.checks.case import KNOWN, Author, Case, Form
from widget.core import bayes, clock, formtokens, nodes, permissions, urls
from widget.core.errors import Problem
from widget.core.nodes import Tree
from widget.core.verdicts import Judgement, Verdict
from widget.extensions import db
from widget.models import Comment, Identity, Thread, User
from widget.services import akismet, learning, limits, roles, similar, standings, threads
from widget.services.akismet import Question
from widget.services.bodies import Body
from widget.services.moderation import floods
from widget.services.sessions import Actor
from widget.services.sites import SiteInfo
from widget.services.threads import Page
from widget.statements import Statement

NEW = timedelta(days=1)
FLOOD = timedelta(hours=1)
MOST_BITS = 18
_FIRST_BITS = 12


_PERSON = Statement(
    select(User.name, User.email_verified, User.website, User.created_at, Identity.name.label("account"))
    .outerjoin(Identity, Identity.id == bindparam("identity", type_=BigInteger()))
    .where(User.id == bindparam("user"))
)
_APPROVED = Statement(
    select(Comment.id)
    .where(Comment.user_id == bindparam("user"), Comment.site_id == bindparam("site"))
    .where(Comment.state == "published", Comment.id != bindparam("but"))
    .limit(bindparam("most", type_=BigInteger()))
)


@dataclass(frozen=True)
class Sent:
    """What came with a text: the token of its form, the field that people do not see, the work; where it came from.

    `form`: whether the token was to be expected. A page without scripts cannot ask for one.
    """

    form: bool = True
    token: str = ""
    trap: str = ""
    work: str = ""
    browser: str = ""


@dataclass(frozen=True)
class Judged:
    """What was found before the transaction, for `settle`, `keep` and, after it, `look_back`."""

    judgement: Judgement
    runs: frozenset[str] = frozenset()
    nonce: str = ""
    crowd: int = 0


@dataclass(frozen=True)
class _Where:
    """The page, the browser; since when there is a conversation; the comment itself, if it is there already."""

    url: str
    browser: str
    since: datetime | None = None
    but: int | None = None


def of_new(site: SiteInfo, actor: Actor, page: Page, body: Body, sent: Sent) -> Judged:
    """Judge a comment that is to be. Raises the Problem of a check that refuses it."""
    token = formtokens.read(current_app.config["SECRET_KEY"], site.key, sent.token) if sent.token else None
    form = Form(
        asked=sent.form,
        token="good" if token else "invalid" if sent.token else "",
        seconds=(clock.now() - token.issued).total_seconds() if token else 0.0,
        trap=sent.trap,
        bits=token.bits if token else 0,
        done=formtokens.work_done(sent.token, sent.work) if token and token.bits else 0,
    )
    where = _Where(page.url, sent.browser, since=threads.begun(site, page))
    return replace(_judge(site, actor, body, form, where), nonce=token.nonce if token else "")


def of_edited(site: SiteInfo, actor: Actor, public_id: str, body: Body, browser: str) -> Judged:
    """Judge the new text of a comment. Raises the same."""
    query = select(Comment.id, Thread.url).join(Thread, Thread.id == Comment.thread_id)
    row = db.session.execute(query.where(Comment.public_id == public_id, Comment.site_id == site.id)).first()
    return _judge(site, actor, body, Form(), _Where(row.url if row else "", browser, but=row.id if row else None))


def settle(session: Session, judged: Judged) -> Judgement:
    """What stands at last, within the transaction: a form is good for one comment."""
    if judged.nonce and not limits.once(session, f"form {judged.nonce}", lasts=formtokens.LASTS):
        return judged.judgement.with_(Verdict("form.again"))
    return judged.judgement


def note(session: Session, site: SiteInfo, comment_id: int, judged: Judged) -> None:
    """Remember of a new comment what later ones are compared with."""
    similar.keep(session, site.id, comment_id, judged.runs)


def keep(session: Session, comment: Comment, judged: Judged, judgement: Judgement) -> None:
    """Store with the comment (which has its row) what was found."""
    comment.judged = judgement.text()
    similar.forget(session, comment.id)
    similar.keep(session, comment.site_id, comment.id, judged.runs)


def look_back(site: SiteInfo, judged: Judged) -> None:
    """After the transaction: if this was one of a flood, hold what was shown of it before that could be seen."""
    if judged.crowd:
        floods.look_back(site, judged.crowd, window=FLOOD, new=NEW)


def work_bits(site: SiteInfo) -> int:
    """How much work a guest's browser is to do for its next comment here, in bits: more, the more new people write."""
    policy = site.settings
    if policy.proof_of_work == "off":
        return 0
    calm = max(1, policy.flood // 2)
    crowd = newcomers(site) if policy.flood or policy.proof_of_work == "always" else 0
    if policy.proof_of_work == "flood" and (not policy.flood or crowd < calm):
        return 0
    return min(MOST_BITS, _FIRST_BITS + (crowd // calm).bit_length())


def newcomers(site: SiteInfo) -> int:
    """How many comments new people wrote on the site within the hour; it counts no further than it must."""
    now = clock.now()
    most = max(1, site.settings.flood)
    late = (
        select(Comment.user_id, Comment.identity_id)
        .where(Comment.site_id == site.id, Comment.created_at > now - FLOOD)
        .where(Comment.state.in_(("pending", "published", "spam")))
        .limit(10 * most)
        .subquery()
    )
    new = (
        select(late.c.user_id)
        .join(User, User.id == late.c.user_id)
        .where(or_(late.c.identity_id.is_(None), User.created_at > now - NEW))
        .limit(4 * most)
        .subquery()
    )
    return db.session.scalar(select(func.count()).select_from(new)) or 0


def _judge(site: SiteInfo, actor: Actor, body: Body, form: Form, where: _Where) -> Judged:
    author = _author(site, actor, but=where.but)
    case = Case(
        policy=site.settings,
        guests=site.settings.guests,
        text=nodes.text_of(body.rendered.tree),
        author=author,
        now=clock.now(),
        links=links_out(site, body.rendered.tree),
        since=where.since,
        form=form,
    )
    runs = similar.runs_of(body.rendered.tree)
    if not author.role:
        case = replace(
            case,
            newcomers=newcomers(site) if site.settings.flood and case.rung != KNOWN else 0,
            similar=similar.find(site.id, runs, but=where.but) if site.settings.similar else (),
            score=learning.score(
                site.id, lambda: bayes.tokens(case.text, nodes.hrefs(body.rendered.tree), author.name)
            ),
        )
    judgement = checks.judge(case)
    judgement.require()
    key = site.settings.akismet_key or current_app.config["AKISMET_KEY"]
    if key and judgement.state == "published" and not author.role and case.rung != KNOWN:
        judgement = checks.judge(replace(case, akismet=_ask_akismet(key, actor, case, body, where)))
    return Judged(judgement, runs, crowd=case.newcomers)


def _ask_akismet(key: str, actor: Actor, case: Case, body: Body, where: _Where) -> bool | None:
    user = db.session.get_one(User, actor.user_id)
    question = Question(
        page=where.url,
        address=actor.address,
        browser=where.browser,
        name=case.author.name,
        email=user.email or "",
        website=case.author.website,
        text=body.raw,
    )
    db.session.rollback()  # no snapshot of the database is held while somebody else is asked
    return akismet.is_spam(key, question)


def links_out(site: SiteInfo, tree: Tree) -> tuple[str, ...]:
    """Where a body links to outside of the site itself."""
    found = (href for href in nodes.hrefs(tree) if href.startswith(("https://", "http://")))
    return tuple(href for href in found if _origin(href) not in site.origins)


def _origin(href: str) -> str:
    try:
        return urls.origin_of(href)
    except Problem:
        return ""


def _author(site: SiteInfo, actor: Actor, *, but: int | None) -> Author:
    session = db.session()
    user = _PERSON.one(session, user=actor.user_id, identity=actor.identity_id)
    rank = roles.rank(session, site.id, actor.user_id)
    stands = standings.of_user(session, site.id, actor.user_id)
    most = max(1, site.settings.approve_after)
    approved = _APPROVED.all(session, user=actor.user_id, site=site.id, but=but or 0, most=most)
    return Author(
        name=user.name if user.account is None else user.account,
        guest=user.account is None,
        verified=user.account is not None or user.email_verified,
        role=None if rank == permissions.RANKS[0] else rank,
        standing=stands.kind if stands else "",
        approved=len(approved),
        new=user.created_at > clock.now() - NEW,
        website=user.website or "",
    )

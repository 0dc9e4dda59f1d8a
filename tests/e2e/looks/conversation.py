"""A conversation that has something of everything: nested, pinned, liked, edited, deleted; owners, code, quotes."""

from sqlalchemy.orm import Session

from tests.e2e.test_accessible import host
from tests.support import moderators
from tests.support.crowd import Old, Voice, bring
from tests.support.live import Live
from widget.models import Comment, Role, Thread
from widget.services import threads, transaction

# What is said, by whom, in answer to which; the last of each language is of today.
SAID = {
    "en": (
        Old("What a fine kiln. How long does it take to cool down?", "Marta Olsen"),
        Old("Two days, and one never waits that long.", "Ines Farkas", 0),
        Old("We open it when the thermometer says <code>120 °C</code>, not before.", "Tomaso Righi", 1),
        Old("<blockquote>not before</blockquote>\n\nI shall remember that.", "Marta Olsen", 2),
        Old("Said in anger.", "Nobody", 0),
        Old("Let us stay friendly, please.", "Ines Farkas", 4),
        Old(
            "The drawing is <strong>lovely</strong>. Is there a larger one, as a print?",
            "Joan of the long name in the valley",
        ),
        Old(
            "Thank you for writing this down; I have looked for it for years.\n\nMy mother had one just like it.",
            "Pavel",
        ),
    ),
    "ar": (
        Old("يا له من فرن رائع. كم يستغرق حتى يبرد؟", "مريم"),
        Old("يومين، ولا أحد ينتظر كل هذا الوقت.", "إيناس", 0),
        Old("نفتحه عندما يشير الميزان إلى <code>120 °C</code> وليس قبل ذلك.", "Tomaso Righi", 1),
        Old("<blockquote>وليس قبل ذلك</blockquote>\n\nسأتذكر هذا.", "مريم", 2),
        Old("قيلت في لحظة غضب.", "أحدهم", 0),
        Old("لنبق لطفاء من فضلكم.", "إيناس", 4),
        Old(
            "الرسم <strong>جميل</strong>. هل توجد نسخة أكبر؟ English words, too.",
            "صاحب الاسم الطويل في الوادي",
        ),
        Old("شكرا على كتابة هذا، بحثت عنه سنوات.\n\nكان لدى أمي واحد مثله تماما.", "Pavel"),  # noqa: RUF001 - Arabic
    ),
}
EDITED = {
    "en": ("It is twelve hundred degrees.", "It is eleven hundred degrees."),
    "ar": ("ألف ومئتا درجة.", "ألف ومئة درجة."),
}


def open_page(live: Live, name: str, lang: str, look: str) -> str:
    """A page in one of the looks, with its conversation; its address."""
    url = host(live, name, lang, look=look)
    bring(live, url, SAID[lang])
    voice = Voice(live, url)
    before, after = EDITED[lang]
    voice.edit(voice.say(before), after)
    ids = [one["id"] for one in voice.read()["comments"]]
    _dress(live, url, ids)
    return url


def _dress(live: Live, url: str, ids: list[str]) -> None:
    with moderators.desk(live) as app:
        moderators.decide(app, moderators.take_away, ids[4])
        with app.app_context():

            def work(session: Session) -> None:
                found = session.query(Comment).filter(Comment.public_id.in_(ids))
                rows = {one.public_id: one for one in found}
                thread = session.get_one(Thread, rows[ids[0]].thread_id)
                rows[ids[0]].reactions, rows[ids[2]].reactions = '{"like":12}', '{"like":2}'
                thread.pinned_id, thread.reactions = rows[ids[7]].id, '{"like":31}'
                owner = rows[ids[1]].user_id
                if not session.query(Role).filter_by(user_id=owner).first():
                    session.add(Role(site_id=thread.site_id, user_id=owner, role="owner"))
                threads.bump(session, thread.id)

            transaction.write(work)

"""Answers as mail programs make them, in several languages, and what their authors said in them."""

from typing import NamedTuple


class Sample(NamedTuple):
    """A mail's plain text, and what is left of it."""

    name: str
    text: str
    said: str


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.strip("\n").split("\n"))


OURS = """\
New comment by Bob on «A post»:

Bob
> Is this so?

Delete:
  https://comments.test/mail/decide/WzE4.aaaa

--
You get this because you look after The blog."""
QUOTED = _quoted(OURS)

SAMPLES = (
    Sample("nothing else", "Just this.", "Just this."),
    Sample("gmail en", f"It is so.\n\nAnd more.\n\nOn Tue, Nov 24, 2026 at 4:14 PM The blog <comments@comments.test> wrote:\n\n{QUOTED}\n", "It is so.\n\nAnd more."),
    Sample("gmail en, wrapped", f"It is so.\n\nOn Tue, Nov 24, 2026 at 4:14 PM The blog <comments@comments.test>\nwrote:\n\n{QUOTED}\n", "It is so."),
    Sample("gmail en, wrapped early", f"Thanks\n\nOn Tue, Nov 24, 2026 at\n4:14 PM The blog with a long name <comments@comments.test> wrote:\n{QUOTED}", "Thanks"),
    Sample("gmail de", f"Stimmt.\n\nAm Di., 24. Nov. 2026 um 16:14 Uhr schrieb The blog <\ncomments@comments.test>:\n\n{QUOTED}", "Stimmt."),
    Sample("gmail fr", f"C'est vrai.\n\nLe mar. 24 nov. 2026 à 16:14, The blog <comments@comments.test> a\nécrit :\n\n{QUOTED}", "C'est vrai."),
    Sample("gmail it", f"È così.\n\nIl giorno mar 24 nov 2026 alle ore 16:14 The blog <\ncomments@comments.test> ha scritto:\n\n{QUOTED}", "È così."),
    Sample("gmail es", f"Así es.\n\nEl mar, 24 nov 2026 a las 16:14, The blog (<comments@comments.test>) escribió:\n\n{QUOTED}", "Así es."),
    Sample("gmail ja", f"そうです。\n\n2026年11月24日(火) 16:14 The blog <comments@comments.test>:\n\n{QUOTED}", "そうです。"),
    Sample("gmail pt", f"É assim.\n\nEm ter., 24 de nov. de 2026 às 16:14, The blog <comments@comments.test> escreveu:\n\n{QUOTED}", "É assim."),
    Sample("gmail ru", f"Это так.\n\nвт, 24 нояб. 2026 г. в 16:14, The blog <comments@comments.test>:\n\n{QUOTED}", "Это так."),
    Sample("outlook desktop en", f"It is so.\n\nKind of.\n\nFrom: The blog <comments@comments.test>\nSent: Tuesday, November 24, 2026 4:14 PM\nTo: Olga <olga@example.org>\nSubject: New: comment by Bob on «A post»\n\n{OURS}", "It is so.\n\nKind of."),
    Sample("outlook 2003 en", f"It is so.\n\n-----Original Message-----\nFrom: The blog [mailto:comments@comments.test]\nSent: Tuesday, November 24, 2026 4:14 PM\nTo: Olga\nSubject: New\n\n{OURS}", "It is so."),
    Sample("outlook desktop de", f"Stimmt.\n\nVon: The blog <comments@comments.test>\nGesendet: Dienstag, 24. November 2026 16:14\nAn: Olga <olga@example.org>\nBetreff: Neu: Kommentar von Bob\n\n{OURS}", "Stimmt."),
    Sample("outlook desktop fr", f"C'est vrai.\n\nDe : The blog <comments@comments.test>\nEnvoyé : mardi 24 novembre 2026 16:14\nÀ : Olga <olga@example.org>\nObjet : Nouveau\n\n{OURS}", "C'est vrai."),
    Sample("outlook desktop it", f"È così.\n\nDa: The blog <comments@comments.test>\nInviato: martedì 24 novembre 2026 16:14\nA: Olga <olga@example.org>\nOggetto: Nuovo\n\n{OURS}", "È così."),
    Sample("outlook desktop es", f"Así es.\n\nDe: The blog <comments@comments.test>\nEnviado el: martes, 24 de noviembre de 2026 16:14\nPara: Olga <olga@example.org>\nAsunto: Nuevo\n\n{OURS}", "Así es."),
    Sample("outlook desktop ja", f"そうです。\n\n差出人: The blog <comments@comments.test>\n送信日時: 2026年11月24日 16:14\n宛先: Olga <olga@example.org>\n件名: New\n\n{OURS}", "そうです。"),
    Sample("outlook web", f"It is so.\n________________________________\nFrom: The blog <comments@comments.test>\nSent: Tuesday, November 24, 2026 4:14 PM\nTo: Olga <olga@example.org>\nSubject: New: comment by Bob\n\n{OURS}", "It is so."),
    Sample("outlook ios", f"It is so.\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: The blog <comments@comments.test>\nSent: Tuesday, November 24, 2026 4:14:17 PM\nTo: Olga <olga@example.org>\nSubject: New\n\n{OURS}", "It is so."),
    Sample("outlook android de", f"Stimmt.\n\nHolen Sie sich Outlook für Android<https://aka.ms/AAb9ysg>\n________________________________\nVon: The blog <comments@comments.test>\nGesendet: Dienstag, November 24, 2026 4:14:17 PM\nAn: Olga\nBetreff: Neu\n\n{OURS}", "Stimmt."),
    Sample("outlook bold headers", f"It is so.\n\n*From:* The blog <comments@comments.test>\n*Sent:* Tuesday, November 24, 2026 4:14 PM\n*To:* Olga\n*Subject:* New\n\n{OURS}", "It is so."),
    Sample("apple mail en", f"It is so.\n\n> On 24 Nov 2026, at 16:14, The blog <comments@comments.test> wrote:\n> \n{QUOTED}\n", "It is so."),
    Sample("apple mail de", f"Stimmt.\n\n> Am 24.11.2026 um 16:14 schrieb The blog <comments@comments.test>:\n> \n{QUOTED}", "Stimmt."),
    Sample("iphone en", f"It is so.\n\nSent from my iPhone\n\n> On 24 Nov 2026, at 16:14, The blog <comments@comments.test> wrote:\n> \n> \ufeff{OURS.splitlines()[0]}\n{QUOTED}", "It is so."),
    Sample("iphone de", f"Stimmt.\n\nVon meinem iPhone gesendet\n\n> Am 24.11.2026 um 16:14 schrieb The blog <comments@comments.test>:\n> \n{QUOTED}", "Stimmt."),
    Sample("iphone fr", f"C'est vrai.\n\nEnvoyé de mon iPhone\n\n> Le 24 nov. 2026 à 16:14, The blog <comments@comments.test> a écrit :\n> \n{QUOTED}", "C'est vrai."),
    Sample("iphone it", f"È così.\n\nInviato da iPhone\n\n> Il giorno 24 nov 2026, alle ore 16:14, The blog <comments@comments.test> ha scritto:\n> \n{QUOTED}", "È così."),
    Sample("iphone es", f"Así es.\n\nEnviado desde mi iPhone\n\n> El 24 nov 2026, a las 16:14, The blog <comments@comments.test> escribió:\n> \n{QUOTED}", "Así es."),
    Sample("iphone ja", f"そうです。\n\niPhoneから送信\n\n> 2026/11/24 16:14、The blog <comments@comments.test>のメール:\n> \n{QUOTED}", "そうです。"),
    Sample("thunderbird en, below", f"On 24/11/2026 16:14, The blog wrote:\n{QUOTED}\n\nIt is so.\n\n-- \nOlga\nThe blog", "It is so."),
    Sample("thunderbird de", f"Am 24.11.26 um 16:14 schrieb The blog:\n{QUOTED}\nStimmt.", "Stimmt."),
    Sample("thunderbird fr", f"Le 24/11/2026 à 16:14, The blog a écrit :\n{QUOTED}\n\nC'est vrai.", "C'est vrai."),
    Sample("thunderbird it", f"Il 24/11/2026 16:14, The blog ha scritto:\n{QUOTED}\n\nÈ così.", "È così."),
    Sample("thunderbird between", "On 24/11/2026 16:14, The blog wrote:\n> Is this so?\n\nIt is.\n\n> And why?\n\nBecause of that.\n\n> Thanks\n", "It is.\n\nBecause of that."),
    Sample("yahoo en", f" It is so.\n    On Tuesday, November 24, 2026 at 04:14:17 PM GMT+1, The blog <comments@comments.test> wrote:  \n \n {OURS}", " It is so."),
    Sample("yahoo de", f"Stimmt.\n\n    Am Dienstag, 24. November 2026 um 16:14:17 MEZ hat The blog <comments@comments.test> Folgendes geschrieben:  \n\n {OURS}", "Stimmt."),
    Sample("yahoo mobile", f"It is so.\n\nSent from Yahoo Mail for iPhone\n\n\nOn Tuesday, November 24, 2026, 4:14 PM, The blog <comments@comments.test> wrote:\n\n{OURS}", "It is so."),
    Sample("proton", f"It is so.\n\nSent with Proton Mail secure email.\n\nOn Tuesday, November 24th, 2026 at 16:14, The blog <comments@comments.test> wrote:\n\n{QUOTED}", "It is so."),
    Sample("proton, older", f"It is so.\n\n------- Original Message -------\nOn Tuesday, November 24th, 2026 at 16:14, The blog <comments@comments.test> wrote:\n\n{QUOTED}", "It is so."),
    Sample("k-9 en", f"It is so.\n\nOn November 24, 2026 4:14:17 PM GMT+01:00, The blog <comments@comments.test> wrote:\n{QUOTED}\n\n-- \nSent from my Android device with K-9 Mail. Please excuse my brevity.", "It is so."),
    Sample("k-9 de", f"Stimmt.\n\nAm 24. November 2026 16:14:17 MEZ schrieb The blog <comments@comments.test>:\n{QUOTED}\n-- \nDiese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.", "Stimmt."),
    Sample("mutt, below", f"On Tue, Nov 24, 2026 at 04:14:17PM +0100, The blog wrote:\n{QUOTED}\n\nIt is so.", "It is so."),
    Sample("emacs", f"The blog <comments@comments.test> writes 2026-11-24:\n\n{QUOTED}\n\nIt is so.", "It is so."),
    Sample("forwarded", f"Look at this.\n\n---------- Forwarded message ---------\nFrom: The blog <comments@comments.test>\nDate: Tue, Nov 24, 2026 at 4:14 PM\nSubject: New\nTo: <olga@example.org>\n\n{OURS}", "Look at this."),
    Sample("apple forwarded", f"Look at this.\n\nBegin forwarded message:\n\nFrom: The blog <comments@comments.test>\nSubject: New\nDate: 24 November 2026\n\n{OURS}", "Look at this."),
    Sample("signature", "It is so.\n\nReally.\n-- \nOlga Example\nThe blog, 5th floor\n", "It is so.\n\nReally."),
    Sample("list and rule stay", "Three things:\n\n- one\n- two\n\n1. first: yes\n\n---\n\nBest regards, he said: no.", "Three things:\n\n- one\n- two\n\n1. first: yes\n\n---\n\nBest regards, he said: no."),
    Sample("colon and date stay", "At 16:14 on 24 November he said this:\n\nNothing at all.", "At 16:14 on 24 November he said this:\n\nNothing at all."),
    Sample("labels stay", "Pro: fast\nContra: dear\nIn sum: no", "Pro: fast\nContra: dear\nIn sum: no"),
    Sample("sent from stays amid", "Sent from my iPhone is what\nit says below my mails.\n\nFunny.", "Sent from my iPhone is what\nit says below my mails.\n\nFunny."),
    Sample("only a quotation", f"On Tue, Nov 24, 2026 at 4:14 PM The blog <comments@comments.test> wrote:\n{QUOTED}", ""),
    Sample("only a signature", "-- \nOlga", ""),
)  # fmt: skip

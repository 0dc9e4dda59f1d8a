"""What mail programs write by themselves, in their languages, around what a person says."""

import re

# How the line above a quotation begins.
STARTER = re.compile(
    r"\W{0,2}(?:on|am|le|il|el|em|a|op|den|dne|dňa|dnia|w dniu|в|у|на|la|pe|στις|ngày|pada|tarihinde|vào|"
    r"mon|tue|wed|thu|fri|sat|sun|\d{1,4}\s?[./年년-])\b",
    re.IGNORECASE,
)
# It says that somebody wrote.
WROTE = (
    "wrote schrieb écrit scritto escribió escreveu escribiu schreef skrev skrifaði kirjoitti kirjutas napsal napísal "
    "napisał írta scris написа писал пише пишет yazdı yazmış şunları のメール 写道 寫道 写了 작성 написав "
    "כתב كتب نوشت έγραψε menulis viết เขียน लिखा লিখেছেন escrigué idatzi parašė rakstīja napisao написао"
).split()
# The first header of a mail that Outlook quotes.
FROM = frozenset(
    "from von de da van od från fra lähettäjä saatja feladó от від kimden de la nga 差出人 寄件者 寄件人 发件人 發件人 "
    "보낸사람 מאת من از από dari từ จาก प्रेषक প্রেরক".split()
) | {"de la", "보낸 사람"}
# The line above a mail that is forwarded.
FORWARDED = (
    "begin forwarded message", "anfang der weitergeleiteten nachricht", "début du message transféré",
    "début du message réexpédié", "inizio messaggio inoltrato", "inicio del mensaje reenviado",
    "início da mensagem encaminhada", "begin doorgestuurd bericht", "vidarebefordrat brev", "転送されたメッセージ",
    "转发的邮件", "以下是转发的邮件",
)  # fmt: skip
# What a program or telephone says of itself below a text.
SENT = re.compile(
    r"\W{0,3}(?:sent (?:from|via|with|using) |get (?:outlook|bluemail) for |get outlook|yahoo mail[: ]"
    r"|von meinem .{2,40} gesendet|diese nachricht wurde von .{2,60} gesendet|gesendet (?:von|mit|aus) "
    r"|(?:holen|laden) sie sich outlook|outlook für .{2,12} (?:beziehen|herunterladen)"
    r"|envoyé (?:de |depuis |à partir|avec |via )|(?:obtenir|obtenez|télécharger|téléchargez) outlook"
    r"|inviato (?:da|dal|con|tramite) ?|(?:scarica|ottieni) outlook"
    r"|enviad[oa] (?:desde|con|do|pelo|a partir|via|através) |(?:obtener|obter|descargar|baixar) (?:o )?outlook"
    r"|verzonden vanaf|verstuurd vanaf|skickat från|sendt fra|lähetetty |wysłan[eo] z|odesláno z|odoslané z"
    r"|отправлено (?:с|из) |надіслано (?:з|із) |изпратено от |trimis de pe|küldve "
    r"|从我的.{1,30}发送|发自我的|傳送自|從我的.{1,30}傳送|.{1,30}から送信|.{1,30}를 입수|.{1,30}を入手"
    r"|나의 .{1,30}에서 보냄|내 .{1,30}에서 보냄|.{2,40}(?:'|’)\w{2,4} gönderildi)",
    re.IGNORECASE,
)

# How the subjects of answers begin that nobody wrote.
AWAY = (
    "auto:", "automatic reply", "auto reply", "autoreply", "auto-reply", "out of office", "out of the office",
    "automatische antwort", "abwesenheit", "réponse automatique", "absence du bureau", "risposta automatica",
    "fuori sede", "respuesta automática", "fuera de la oficina", "resposta automática", "automatisch antwoord",
    "autosvar", "automatisk svar", "automatiskt svar", "automaattinen vastaus", "automatyczna odpowiedź",
    "automatická odpověď", "автоответ", "автоматический ответ", "otomatik yanıt", "自動返信", "自动回复", "自動回覆",
    "자동 회신", "undeliverable", "undelivered mail", "delivery status notification", "mail delivery failed",
)  # fmt: skip

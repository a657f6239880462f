"""What an email says: headers, a text that is complete by itself, and the same on coloured paper.

RFC 5322 (message), 2046 (alternatives), 3834 (Auto-Submitted), 2919 (List-Id), 2369 and 8058 (one-click).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from server.base.columns import now
from server.base.settings import settings
from server.base.shapes import N_
from server.news.digests import Content
from server.news.news import NEWS
from server.people.quartier import Plate
from server.posts.kinds import BY_SLUG
from server.sending.mail import doors
from server.sending.push.words import path_of, words
from server.text import i18n

MOST_ITEMS, MOST_TEXT, MOST_TITLE, MOST_SUBJECT = 12, 240, 60, 120
# The inks of the kinds, as the style sheet has them by day.
INKS = {
    "aide": "#a32410", "offre": "#6a4300", "bonplan": "#0e5a3c", "rdv": "#432055", "playlist": "#97134b",
    "initiative": "#0b5563", "mot": "#15203b",
}  # fmt: skip
HOW_OFTEN = {
    "digest": N_("Vous recevez ce courriel une fois par jour."),
    "weekly": N_("Vous recevez ce courriel une fois par semaine."),
}


class _Policy(EmailPolicy):
    """CRLF and folded lines, but an address in angle brackets stays whole.

    The standard library would encode one that is longer than a line as if it were words (RFC 2047), and
    no program would find it.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name == "List-Unsubscribe":
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


POLICY = _Policy(linesep="\r\n", cte_type="7bit", raise_on_defect=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One post in a digest. Without a title it is a word in quotes."""

    label: str
    ink: str
    title: str
    text: str
    gesture: str
    address: str
    by: str


@cache
def environment(language: str) -> Environment:
    """The templates of emails in one language."""
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    said = i18n.translations(language)
    env.install_gettext_callables(said.gettext, said.ngettext, newstyle=True)
    env.globals["language"] = language
    env.filters["of"] = lambda name: i18n.of(name, language)
    env.filters["open_hours"] = lambda text: i18n.open_hours(text, language)
    env.filters["typo"] = i18n.no_break
    return env


def urgent(row: Mapping[str, Any], choice: Mapping[str, Any], plate: Plate) -> EmailMessage:
    """What an alert says on a locked screen, and a link: no name, no address, no code, nothing that was typed."""
    language = row["language"]
    minutes = int((now() - row["open_since"]).total_seconds() // 60) if row["open_since"] else 0
    title, body = words(row["what"], language, plate, {**row, "id": row["post"]}, minutes)
    page = settings.address + path_of(row["what"], row["post"])
    return _letter("urgent", title, row, choice, plate, language, title=title, body=body, page=page)


def digest(row: Mapping[str, Any], choice: Mapping[str, Any], plate: Plate, reader: str) -> EmailMessage:
    """What the board shows to everybody, and the reader's own bell."""
    language, content, often = row["language"], row["digest"], HOW_OFTEN[row["what"]]
    title = _headline(row["what"], content, language)
    return _letter(
        "digest", title, row, choice, plate, language,
        title=title, reader=reader, found=content.found, waiting=len(content.waiting),
        items=[_item(post, language) for post in (*content.waiting, *content.posts)[:MOST_ITEMS]],
        more=max(0, len(content.waiting) + len(content.posts) - MOST_ITEMS),
        news=[_line(one, language) for one in content.news],
        often=i18n.translations(language).gettext(often),
        board=settings.address + "/", bell=settings.address + "/nouvelles",
    )  # fmt: skip


def check(row: Mapping[str, Any], choice: Mapping[str, Any], plate: Plate, language: str) -> EmailMessage:
    """Whether this address is really theirs."""
    asks = NEWS["mail-check"].title
    title = i18n.translations(language).gettext(asks)
    page = doors.address_of(doors.YES, row["person"], choice["mail"])
    return _letter("check", title, row, choice, plate, language, title=title, page=page, lists=False)


def _letter(
    template: str, subject: str, row: Mapping[str, Any], choice: Mapping[str, Any], plate: Plate, language: str,
    *, lists: bool = True, **said: Any,
) -> EmailMessage:  # fmt: skip
    to, own = choice["mail"], host()
    stop = doors.address_of(doors.STOP, row["person"], to) if lists else ""
    message = EmailMessage(policy=POLICY)
    message["Subject"] = _one_line(subject)[:MOST_SUBJECT]
    message["From"] = Address(_one_line(plate.name), addr_spec=settings.mail_from)
    message["To"] = Address(addr_spec=to)
    message["Date"] = format_datetime(now())
    # The same at every try: a mail program that gets it twice shows it once.
    message["Message-ID"] = f"<{row['id']}@{own}>"
    message["Auto-Submitted"] = "auto-generated"
    if lists:
        message["List-Id"] = f"<palier.{own.strip('[]').replace(':', '-')}>"
        message["List-Unsubscribe"] = f"<{stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    context = said | {"plate": plate, "stop": stop}
    text, paper = (environment(language).get_template(f"{template}.{form}").render(context) for form in ("txt", "html"))
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(paper, subtype="html", cte="quoted-printable")
    return message


def host() -> str:
    """The host of the board's address; one of IPv6 in brackets."""
    host = urlsplit(settings.address).hostname or "localhost"
    return f"[{host}]" if ":" in host else host


def _one_line(text: str) -> str:
    """The same without what could begin another header: whatever is not printable."""
    return "".join(sign if sign.isprintable() or sign == "\u00a0" else " " for sign in text)


def _headline(what: str, content: Content, language: str) -> str:
    _ = i18n.translations(language).gettext
    usual, since = NEWS[what].title, i18n.local(content.since).date()
    if what == "weekly" or (i18n.local(content.until).date() - since).days <= 1:
        return _(usual)
    return _("Sur le palier, depuis le %(day)s") % {"day": i18n.day(since, language)}


def _item(post: Mapping[str, Any], language: str) -> Item:
    _ = i18n.translations(language).gettext
    kind = BY_SLUG[post["kind"]]
    title, body = _one_line(post["title"]).strip(), _shorter(post["body"], MOST_TEXT)
    text = f"{_when(post, language)}. {_('Personne encore')}." if kind.needs_help else body
    if kind.slug == "gathering":
        text = f"{_when(post, language)}. {body}".strip()
    return Item(
        _(kind.label), INKS[kind.genre], title, text,
        _("Voir la demande") if kind.needs_help else _("Lire l’avis"),
        f"{settings.address}/avis/{post['id']}", _one_line(post["author_name"]),
    )  # fmt: skip


def _when(post: Mapping[str, Any], language: str) -> str:
    """The moment and the rough place, as the board says them."""
    _ = i18n.translations(language).gettext
    if post["starts_at"]:
        moment = i18n.when(post["starts_at"], language)
    elif post["due_at"]:
        said = {"hour": i18n.hour(post["due_at"], language), "day": i18n.soon(post["due_at"], language)}
        moment = _("Avant %(hour)s, %(day)s") % said
    else:
        moment = _("dans la semaine") if post["urgency"] == "semaine" else _("sans hâte")
    return ", ".join(filter(None, (moment[:1].upper() + moment[1:], _one_line(post["place"] or "").strip())))


def _line(one: Mapping[str, Any], language: str) -> str:
    """A line of the bell, as its page says it."""
    _ = i18n.translations(language).gettext
    who = _one_line(one["who_name"] or _("Un voisin"))
    news, title = NEWS[one["what"]], _shorter(one["title"] or one["body"] or "", MOST_TITLE)
    said = _(news.said) % {
        "who": who,
        "of": i18n.of(_one_line(one["who_name"] or _("un voisin")), language),
        "title": title,
    }
    return said[:1].upper() + said[1:]


def _shorter(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"

"""Chez moi: one's name, how the board reads, one's devices and card, the way out."""

from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.access import may
from server.base import keys
from server.base.audit_log import NO_REASON, REASON_LIMIT
from server.base.shapes import N_, Choice
from server.help.private import Viewing
from server.people.facades import SHADES
from server.people.key import Key
from server.people.member import THEMES, Member
from server.people.quartier import FACADES
from server.people.session import Session
from server.posts.forms import Wrong, collect, contact, line, person_name, reason, street_of
from server.text import phones
from server.text.i18n import LANGUAGES
from server.trust import naming
from server.views.post.alert_page import my_alerts
from server.views.web.cookies import PREFERENCES, keep_cookie
from server.views.web.door import visit_of
from server.views.web.form_reading import Typed, read_form
from server.views.web.namesakes import another_of
from server.views.web.page import go, is_fragment, page
from server.views.web.qr import absolute, qr

NIGHT = (Choice("auto", N_("Comme mon appareil")), Choice("jour", N_("Toujours en clair")))
TONGUES = (Choice("fr", "Français"), Choice("en", "English"))


@get("/chez-moi", name="home")
async def show_home(request: Request) -> Response:
    """Everything about oneself, on one page."""
    return await home_page(request)


async def home_page(
    request: Request, typed: Typed | dict | None = None, faults: dict | None = None, status: int = 200, *,
    typed_alerts: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    """The page; ``typed`` (``typed_alerts`` for that of alerts) and ``faults`` belong to the form that was refused."""
    visit = visit_of(request)
    me = await Member.by_id(visit.viewer.id)
    return await page(
        request,
        "people/home.html",
        status,
        here="/chez-moi",
        me=me,
        typed=typed
        or {
            "nom": me.name,
            "rue": me.street,
            "joindre": phones.shown(me.phone or "").replace(phones.NBSP, " ") or me.email or "",
        },
        faults=faults or {},
        streets=streets_with(visit.plate.streets, me.street),
        devices=await Session.of(me.id),
        card=await Key.card_of(me.id),
        shades=SHADES,
        readings=await Viewing.about(me.id),
        night=NIGHT,
        tongues=TONGUES,
        **await my_alerts(request, typed_alerts or {}),
        reading={"theme": me.theme, "langue": me.language or visit.language},
    )


def streets_with(streets: tuple[str, ...], own: str) -> list[tuple[str, str]]:
    """The streets to choose from; one's own stays even if the list lost it."""
    names = streets if own in streets else (*streets, own)
    return [(name, name) for name in names if name]


@post("/chez-moi/nom", name="rename", status_code=200)
async def rename(request: Request) -> Response:
    """Change the name and street that neighbours see, and how one can be reached."""
    visit = visit_of(request)
    typed = await read_form(request)
    streets = (*visit.plate.streets, visit.viewer.street)
    me = await Member.by_id(visit.viewer.id)
    # A name of before these rules stays as it is.
    readers = {
        "nom": lambda text: me.name if line(text) == me.name else person_name(text),
        "rue": lambda text: street_of(text, streets),
        "joindre": contact,
    }
    values, faults = collect(readers, typed)
    name = values.get("nom", me.name)
    asking = None if faults or name == me.name else await another_of(name, typed, me.id)
    if faults or asking:
        return await home_page(request, typed, faults | ({"nom": asking} if asking else {}), 422)
    word = "kept"
    if (me.name, me.street) != (name, values["rue"]) and not await naming.rename(me, name, values["rue"]):
        word = "name-waits"
    await Member.be_reached(me.id, *values["joindre"])
    return go("/chez-moi", word)


@post("/chez-moi/lire", name="reading", status_code=200)
async def set_reading(request: Request) -> Response:
    """Façade, night and language; an unknown value changes nothing."""
    typed = await read_form(request)
    allowed = (("facade", FACADES), ("theme", THEMES), ("language", LANGUAGES))
    chosen = {name: typed[field] for (name, values), field in zip(allowed, ("facade", "theme", "langue"), strict=True)
              if typed[field] in values}  # fmt: skip
    visit = visit_of(request)
    if visit.viewer.language is None and chosen.get("language") == visit.language:
        # The browser's choice, left as it was: do not pin it to the account.
        del chosen["language"]
    if chosen:
        await Member.prefer(visit.viewer.id, **chosen)
    return go("/chez-moi#lire", "kept")


@post("/lire/taille", opt={"public": True}, name="text-size", status_code=200)
async def set_text_size(request: Request) -> Response:
    """Remember the text size: with the account, and in a cookie for the pages before the door."""
    typed = await read_form(request)
    size = typed["taille"] if typed["taille"] in ("1", "2", "3") else "1"
    viewer = visit_of(request).viewer
    if viewer:
        await Member.prefer(viewer.id, text_size=int(size))
    response = Response(b"", status_code=204) if is_fragment(request) else go(_ours(typed["retour"]))
    keep_cookie(response, PREFERENCES, size, 34_560_000)
    return response


def _ours(path: str) -> str:
    """A path of this board: one slash, never two, which would be another host."""
    return "/" + quote(path.lstrip("/\\"), safe="/?=&-._~%")


@get("/chez-moi/appareils/{session_id:uuid}/fermeture", name="closing-device")
async def ask_about_device(request: Request, session_id: FromPath[UUID]) -> Response:
    """Only closed, or lost? A card that somebody may have seen on it has to be replaced."""
    return await _ask_about_device(request, session_id)


async def _ask_about_device(request: Request, session_id: UUID, status: int = 200) -> Response:
    devices = await Session.of(visit_of(request).viewer.id)
    device = next((one for one in devices if one["id"] == session_id), None)
    if device is None:
        raise NotFoundException
    return await page(request, "people/closing_device.html", status, here="/chez-moi", device=device)


@post("/chez-moi/appareils/{session_id:uuid}/fermeture", name="close-device", status_code=200)
async def close_device(request: Request, session_id: FromPath[UUID]) -> Response:
    """Sign one of one's devices out. Lost or stolen, its owner gets a new card at once; else the card stays."""
    viewer = visit_of(request).viewer
    answer = (await read_form(request))["perdu"]
    if answer not in ("oui", "non"):
        return await _ask_about_device(request, session_id, 422)
    if not await Key.close_device(session_id, viewer.id, viewer.session, lost=answer == "oui"):
        raise NotFoundException
    return go("/chez-moi/carte", "card-after-loss") if answer == "oui" else go("/chez-moi#appareils", "device-closed")


@get("/chez-moi/carte", opt={"secret": True}, name="card")
async def show_card(request: Request) -> Response:
    """One's card, to print: a QR square and a code of sixteen signs."""
    viewer = visit_of(request).viewer
    card = await Key.card_of(viewer.id)
    if card is None:
        card = {"id": await Key.new_card(viewer.id)}
    return await card_page(request, card["id"], viewer.name, viewer.street, own=True)


async def card_page(request: Request, card: UUID, name: str, street: str, *, own: bool) -> Response:
    """The sheet of a card: its square, its code, its owner."""
    address = absolute(request, f"/cle/{keys.token_for('card', card)}")
    return await page(
        request,
        "people/card.html",
        name=name,
        street=street,
        own=own,
        here="/chez-moi/carte" if own else "/",
        code=keys.in_groups(keys.code_for(card)),
        square=qr(address, name),
    )


@post("/chez-moi/carte", name="new-card", status_code=200)
async def renew_card(request: Request) -> Response:
    """Make a new card; the former one stops opening, and the other devices that it let in are signed out."""
    viewer = visit_of(request).viewer
    await Key.new_card(viewer.id, viewer.session)
    return go("/chez-moi/carte", "card")


@get("/voisins/{member_id:uuid}/carte", name="renew-card-form")
async def show_renewal(request: Request, member_id: FromPath[UUID]) -> Response:
    """What a new card for somebody means, before it is made; and why it is."""
    return await _renewal(request, await _card_holder(request, member_id))


@post("/voisins/{member_id:uuid}/carte", opt={"secret": True}, name="renew-card", status_code=200)
async def renew_card_of(request: Request, member_id: FromPath[UUID]) -> Response:
    """An admin makes a new card for somebody who lost theirs, to print and bring; with a reason."""
    viewer = visit_of(request).viewer
    member = await _card_holder(request, member_id)
    typed = await read_form(request)
    try:
        why = reason(typed["raison"], REASON_LIMIT, NO_REASON)
    except Wrong as wrong:
        return await _renewal(request, member, typed.fields, {"raison": wrong.args[0]}, 422)
    card = await Key.renew_for(member_id, viewer, why)
    return await card_page(request, card, member.name, member.street, own=False)


async def _card_holder(request: Request, member_id: UUID) -> Member:
    member = await Member.by_id(member_id)
    if not may(visit_of(request).viewer, "renew-card") or member is None:
        raise NotFoundException
    return member


async def _renewal(
    request: Request, member: Member, typed: dict | None = None, faults: dict | None = None, status: int = 200
) -> Response:
    here = f"/voisins/{member.id}"
    values = {"raison": (typed or {}).get("raison", "")}
    return await page(
        request, "people/new_card.html", status, here=here, member=member, typed=values, faults=faults or {}
    )

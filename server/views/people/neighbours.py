"""A neighbour as others see them: a name, a street, what they wrote. Nobody gets a list of people."""

from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.access import may
from server.base.audit_log import NO_REASON, REASON_LIMIT, record
from server.base.refusals import NotPossible
from server.base.shapes import N_, Choice
from server.help.volunteer import Volunteer
from server.people.key import Key
from server.people.member import Member, Role
from server.posts.forms import Wrong
from server.posts.forms import reason as reason_of
from server.trust import naming
from server.trust.vouching import Vouching, too_new
from server.views.web.door import visit_of
from server.views.web.form_reading import Typed, read_form
from server.views.web.page import go, page

NO_ACQUAINTANCE = N_("Dites en quelques mots comment vous la connaissez.")
ROLES = (
    Choice("newcomer", N_("À la porte"), N_("Lit, écrit, répond ; personne n’a encore dit la connaître")),
    Choice("resident", N_("Du quartier"), N_("Peut aussi inviter")),
    Choice("moderator", N_("Modération"), N_("Masque, remontre, ouvre la porte aux nouveaux")),
    Choice("admin", N_("Admin"), N_("Donne les rôles et refait les cartes")),
)


@get("/voisins/{member_id:uuid}", name="neighbour")
async def show_neighbour(request: Request, member_id: FromPath[UUID]) -> Response:
    """The page of a neighbour."""
    return await _page(request, await _member(member_id))


async def _page(
    request: Request, member: Member, faults: dict | None = None, status: int = 200, *, contact: str | None = None,
    refusal: NotPossible | None = None, typed: Typed | None = None,
) -> Response:  # fmt: skip
    viewer = visit_of(request).viewer
    role = next(choice.label for choice in ROLES if choice.value == member.role)
    return await page(
        request,
        "people/neighbour.html",
        status,
        here=f"/voisins/{member.id}",
        member=member,
        role_label=role,
        offers=await Volunteer.shown_of(member.id),
        roles=ROLES,
        inviter=await Member.name_of(member.invited_by),
        not_yet=await too_new(viewer.id) if (member.role, viewer.role) == (Role.NEWCOMER, Role.RESIDENT) else None,
        vouchers=(await Vouching.of([member.id])).get(str(member.id), []),
        refusal=refusal,
        near=may(viewer, "moderate") or await naming.partners(viewer.id, member.id),
        typed={"role": member.role, "raison": "", "connait": ""} | (typed.fields if typed else {}),
        faults=faults or {},
        contact=contact,
    )


async def _member(member_id: UUID) -> Member:
    member = await Member.by_id(member_id)
    if member is None:
        raise NotFoundException
    return member


@post("/voisins/{member_id:uuid}/role", name="give-role", status_code=200)
async def give_role(request: Request, member_id: FromPath[UUID]) -> Response:
    """An admin gives a role; the reason stays in the journal."""
    viewer = visit_of(request).viewer
    if not may(viewer, "give-role"):
        raise NotFoundException
    member = await _member(member_id)
    typed = await read_form(request)
    try:
        role, reason = Role(typed["role"]), reason_of(typed["raison"], REASON_LIMIT, NO_REASON)
    except Wrong as wrong:
        return await _page(request, member, {"raison": wrong.args[0]}, 422, typed=typed)
    except ValueError:
        raise NotFoundException from None
    given = await Member.appoint(member_id, role, by=viewer.id, as_role=viewer.role, reason=reason)
    return go(f"/voisins/{member_id}", "role" if given else "last-admin")


@post("/voisins/{member_id:uuid}/presentation", name="vouch-for", status_code=200)
async def vouch_for(request: Request, member_id: FromPath[UUID]) -> Response:
    """A resident says how they know a newcomer; with a second one, the door opens."""
    viewer = visit_of(request).viewer
    if not may(viewer, "vouch-for"):
        raise NotFoundException
    member = await _member(member_id)
    typed = await read_form(request)
    try:
        reason = reason_of(typed["connait"], REASON_LIMIT, NO_ACQUAINTANCE)
        word = await Vouching.say(member_id, viewer.id, reason)
    except Wrong as wrong:
        return await _page(request, member, {"connait": wrong.args[0]}, 422, typed=typed)
    except NotPossible as refusal:
        return await _page(request, member, {}, 409, refusal=refusal, typed=typed)
    return go(f"/voisins/{member_id}", word)


@post("/voisins/{member_id:uuid}/joindre", name="contact", status_code=200)
async def show_contact(request: Request, member_id: FromPath[UUID]) -> Response:
    """How to reach somebody whose card is lost: for an admin, and written in the journal."""
    viewer = visit_of(request).viewer
    if not may(viewer, "renew-card"):
        raise NotFoundException
    member = await _member(member_id)
    await record(viewer.id, viewer.role, "contact", member.id)
    return await _page(request, member, contact=member.phone or member.email or "")


@post("/voisins/{member_id:uuid}/appareils/fermeture", name="close-devices", status_code=200)
async def close_devices(request: Request, member_id: FromPath[UUID]) -> Response:
    """An admin signs somebody's devices out, when a phone was stolen."""
    viewer = visit_of(request).viewer
    if not may(viewer, "renew-card"):
        raise NotFoundException
    member = await _member(member_id)
    await Key.close_devices(member.id, viewer)
    return go(f"/voisins/{member_id}", "devices-closed")

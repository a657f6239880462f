"""Photos of a post and receipts between two neighbours: seeing, adding, describing, taking away."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.access import may
from server.base.audit_log import DEEDS, NO_REASON, REASON_LIMIT
from server.people.receipt import Receipt
from server.posts import photo_files
from server.posts.forms import Fault, Wrong
from server.posts.forms import reason as reason_of
from server.posts.photo import MOST, Photo
from server.text.negotiation import has_already
from server.views.post.post_page import post_for, post_page
from server.views.web.door import visit_of
from server.views.web.form_reading import read_form, read_upload
from server.views.web.page import go, page
from server.views.web.uploads import FULL, MOST_BYTES, NONE_CHOSEN, read_photos, words

# What one must be allowed to do with the post to see a photo of this purpose.
SEEN_BY = {"post": "read", "receipt": "talk"}
# Where on the page of the post they stand.
PLACE = {"post": "photos", "receipt": "tickets"}


@get("/photos/{photo_id:uuid}/{width:int}", name="photo")
async def show_photo(request: Request, photo_id: FromPath[UUID], width: FromPath[int]) -> Response[bytes]:
    """The file of a photo. Browsers ask again each time: a post may have been hidden meanwhile."""
    photo, _post = await _photo_for(request, photo_id)
    if width not in photo_files.widths(photo["width"]):
        raise NotFoundException
    if photo["purpose"] == "receipt":
        headers = {"Cache-Control": "private, no-store"}
    else:
        headers = {"Cache-Control": "private, no-cache", "ETag": f'"{photo["hash"][:32]}-{width}"'}
        if has_already(request.headers.get("if-none-match", ""), headers["ETag"]):
            return Response(b"", status_code=304, headers=headers)
    try:
        body = await asyncio.to_thread(photo_files.path_of(photo["hash"], width).read_bytes)
    except FileNotFoundError:
        raise NotFoundException from None
    return Response(body, media_type="image/webp", headers=headers)


@post("/avis/{post_id:uuid}/photos", name="add-photo", status_code=200)
async def add_photo(request: Request, post_id: FromPath[UUID]) -> Response:
    """Add one or several photos to one's own post."""
    return await _add(request, await post_for(request, post_id, "edit"), "post", "photo")


@post("/avis/{post_id:uuid}/tickets", name="add-receipt", status_code=200)
async def add_receipt(request: Request, post_id: FromPath[UUID]) -> Response:
    """Add the photo of a till receipt, for the asker and the taker only."""
    return await _add(request, await post_for(request, post_id, "talk"), "receipt", "ticket")


async def _add(request: Request, found: dict[str, Any], purpose: str, field: str) -> Response:
    """Read the form, decode what it brings, keep it once."""
    member, route = visit_of(request).viewer.id, request.scope["path"]
    async with read_upload(request, MOST[purpose], MOST_BYTES) as (typed, files):
        done = go(f"/avis/{found['id']}#{PLACE[purpose]}", "photos" if len(files) > 1 else "photo")
        if await Receipt.seen(member, typed.key, route, typed.raw):
            return done
        room = MOST[purpose] - len(await Photo.of(found["id"], purpose))
        ready, faults = await read_photos(
            typed, files, field, room, member, street_numbers=found["kind"].street_numbers
        )
    if not files:
        faults[field] = Fault(NONE_CHOSEN)
    if faults:
        return await post_page(request, found, 422, typed=typed.fields, faults=faults)

    async def keep() -> UUID:
        await photo_files.keep(found["id"], member, purpose, ready)
        return found["id"]

    try:
        await Receipt.once(member, typed.key, route, typed.raw, keep)
    except photo_files.NoRoom:
        return await post_page(request, found, 422, typed=typed.fields, faults={field: Fault(FULL)})
    return done


@post("/photos/{photo_id:uuid}/retrait", name="remove-photo", status_code=200)
async def remove_photo(request: Request, photo_id: FromPath[UUID]) -> Response:
    """Take a photo away: its author, or a moderator who says why."""
    photo, found = await _photo_for(request, photo_id)
    viewer = visit_of(request).viewer
    if not may(viewer, "remove-photo", photo):
        raise NotFoundException
    if str(viewer.id) in (str(found["author"]), str(photo["author"])):
        await photo_files.remove(photo)
    else:
        typed = await read_form(request)
        try:
            reason = reason_of(typed["raison"], REASON_LIMIT, NO_REASON)
        except Wrong as wrong:
            return await page(
                request, "moderation/reason.html", 422, here=f"/avis/{found['id']}", action=request.scope["path"],
                deeds=DEEDS,
                verb="drop-photo", what=found["title"] or found["body"], typed=typed, faults={"raison": wrong.args[0]},
            )  # fmt: skip
        await photo_files.drop(photo, found["id"], viewer.id, viewer.role, reason)
    return go(f"/avis/{found['id']}#{PLACE[photo['purpose']]}", "photo-gone")


@post("/photos/{photo_id:uuid}/description", name="describe-photo", status_code=200)
async def describe_photo(request: Request, photo_id: FromPath[UUID]) -> Response:
    """Say in words what one's photo shows."""
    photo, found = await _photo_for(request, photo_id)
    if str(photo["author"]) != str(visit_of(request).viewer.id):
        raise NotFoundException
    typed = await read_form(request)
    name = f"alt-{photo_id}"
    try:
        alt = words(typed[name], street_numbers=found["kind"].street_numbers)
    except Wrong as wrong:
        return await post_page(request, found, 422, typed=typed.fields, faults={name: wrong.args[0]})
    await Photo.describe(photo, alt)
    return go(f"/avis/{found['id']}#{PLACE[photo['purpose']]}", "described")


async def _photo_for(request: Request, photo_id: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
    """Load a photo and its post, if the viewer may see it; 404 for everybody else."""
    photo = await Photo.load(photo_id)
    if photo is None:
        raise NotFoundException
    return photo, await post_for(request, photo["post"], SEEN_BY[photo["purpose"]])

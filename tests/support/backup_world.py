"""One step in the life of a board of its own: ``python -m tests.support.backup_world STEP`` prints one line of JSON.

In a process of its own, because a process has one data folder and one database.
"""

import asyncio
import io
import json
import os
import sys
from datetime import timedelta
from uuid import UUID

from PIL import Image

from server.base import keys, tombstones
from server.base.columns import now
from server.base.custody import epoch
from server.base.database import close_database, execute, query, transaction
from server.base.settings import settings
from server.help.claim import Claim
from server.help.life import finish
from server.help.private import PrivatePart
from server.help.request import ask_quietly
from server.news.alert import Alert
from server.news.alert_choice import AlertChoice
from server.news.subscription import Subscription
from server.news.told import Notice
from server.people.invitation import Invitation
from server.people.key import Key
from server.people.member import Member, Role
from server.people.session import Session, viewer_of
from server.posts import photo_files
from server.posts.photo import Photo
from server.posts.post import Post
from server.rights.leaving import leave
from server.running.backup import restore as restoring
from server.running.opening import open_board, prepare_folder
from server.talk.reply import Reply
from tests.support.makers import answers, found, neighbour, put_up

NOTES = "world.json"
NAMES = {
    "amelie": ("Amélie Roche", Role.ADMIN), "jeanne": ("Jeanne Morel", Role.MODERATOR),
    "odette": ("Odette Berthier", Role.RESIDENT), "karim": ("Karim Benali", Role.RESIDENT),
    "nadia": ("Nadia Haddad", Role.RESIDENT),
}  # fmt: skip


def image(colour: str) -> bytes:
    """A small photo."""
    made = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "PNG")
    return made.getvalue()


async def make() -> dict:
    """A quartier in which something of everything is there."""
    await found()
    people = {who: await neighbour(name, role) for who, (name, role) in NAMES.items()}
    world: dict = {"people": {who: str(one.id) for who, one in people.items()}}
    world["cards"] = {who: keys.token_for("card", await Key.new_card(one.id)) for who, one in people.items()}
    world["links"] = [await Key.new_link(people["odette"].id)]
    world["sessions"] = {who: await Session.open(one.id, "Firefox") for who, one in people.items()}
    world["second"] = await Session.open(people["odette"].id, "perdu")
    world["invitations"] = [(await Invitation.make(people["odette"].id, note, 1, 7)).token for note in ("a", "b", "c")]
    texts = {"address": "12 rue des Lilas", "list": "du pain"}
    for name in ("kept", "over"):
        world[name] = str(await ask_quietly(people["odette"].id, "rue des Lilas", answers("help"), texts))
        await Claim.take(UUID(world[name]), people["karim"].id)
    for name in ("tip", "hidden", "withdrawn", "nadias"):
        who = people["nadia"] if name == "nadias" else people["odette"]
        world[name] = str(await put_up(who, "tip", title=name))
    for name in ("shown", "silenced"):
        world[name] = str(await Reply.write(UUID(world["tip"]), people["karim"].id, name))
    for name, colour in (("photo", "red"), ("dropped", "blue")):
        await photo_files.keep(
            UUID(world["tip"]), people["odette"].id, "post", [(await photo_files.prepare(image(colour)), name)]
        )
    world["photos"] = [str(row["id"]) for row in await Photo.of(UUID(world["tip"]))]
    await _alert(people["karim"], world["sessions"]["karim"], UUID(world["tip"]))
    await AlertChoice.keep(people["odette"].id, "mine", _quiet(), "odette@exemple.test", True, "day")
    await AlertChoice.confirm(people["odette"].id, "odette@exemple.test")
    return world


def _quiet():
    from server.base.quiet_hours import Quiet

    return Quiet()


async def _alert(member: Member, token: str, post: UUID) -> None:
    session = (await viewer_of(token)).session
    await Subscription.keep(member.id, session, "https://fcm.googleapis.com/x", "p", "a")
    await Notice.tell(member.id, "replied", post, None, "cause")
    await execute("UPDATE alert SET due_at = {}", now() - timedelta(hours=1))


async def later() -> dict:
    """What happens after the backup."""
    world = json.loads((settings.data / NOTES).read_text())
    people = {who: UUID(one) for who, one in world["people"].items()}
    await leave(people["nadia"])
    await Key.new_card(people["odette"])
    await Session.close((await viewer_of(world["second"])).session, people["odette"])
    await Session.close_all(people["jeanne"])
    first, second, _ = [await Invitation.find(token) for token in world["invitations"]]
    await Invitation.revoke(first.id, people["odette"])
    assert await second.use()
    await Member.give_role(people["jeanne"], Role.RESIDENT)
    await finish(UUID(world["over"]), people["karim"])
    await execute("UPDATE post SET done_at = {} WHERE id = {}", now() - timedelta(days=9), world["over"])
    assert [str(post) for post in await PrivatePart.purge()] == [world["over"]]
    await photo_files.remove(await Photo.load(UUID(world["photos"][1])))
    await Post.hide(UUID(world["hidden"]))
    await Post.withdraw(UUID(world["withdrawn"]))
    await Reply.set_aside(UUID(world["silenced"]), "hidden_at", True)
    await AlertChoice.stop_mail(people["odette"])
    # And something that is in no backup.
    world["lost"] = str(await put_up((await Member.objects().get(Member.id == people["karim"])), "tip", title="lost"))
    return world


async def look() -> dict:
    """What of all this is there now."""
    world = json.loads((settings.data / NOTES).read_text())
    seen: dict = {"cards": {who: bool(await Key.find(token)) for who, token in world["cards"].items()}}
    seen["links"] = [bool(await Key.find(token)) for token in world["links"]]
    seen["sessions"] = {who: bool(await viewer_of(token)) for who, token in world["sessions"].items()}
    seen["second"] = bool(await viewer_of(world["second"]))
    seen["invitations"] = [(await Invitation.find(token)).state for token in world["invitations"]]
    for name in ("kept", "over"):
        part = await PrivatePart.of(UUID(world[name]))
        seen[name] = part and part["answers"]["address"]
    posts = await Post.select(Post.id, Post.listed, Post.lease_until)
    seen["listed"] = sorted(name for name in world if any(str(p["id"]) == world[name] and p["listed"] for p in posts))
    seen["lease"] = [p["lease_until"] > now() for p in posts if str(p["id"]) == world["kept"]]
    seen["replies"] = sorted(
        row["text"] for row in await Reply.beyond(UUID(world["tip"]), None, 500, back=False) if row["hidden_at"] is None
    )
    rows = await Photo.of(UUID(world["tip"]))
    seen["photos"] = [row["alt"] for row in rows]
    seen["files"] = sorted(path.name[:64] for path in photo_files.folder().glob("*/*.webp"))
    seen["hashes"] = sorted(row["hash"] for row in rows)
    seen["roles"] = {row["name"]: row["role"] for row in await Member.select()}
    seen["waiting"] = await Alert.exists().where(Alert.state == "waiting")
    seen["devices"] = await Subscription.count()
    seen["mail"] = [row["mail_digest"] for row in await AlertChoice.select()]
    seen["epoch"] = await epoch()
    seen["gone"] = len(tombstones.read())
    seen["runs"] = [dict(row) for row in await query("SELECT what, fault FROM safety_run ORDER BY id")]
    seen["told"] = [row["what"] for row in await Notice.select().where(Notice.what == "backup-failed")]
    seen["titles"] = sorted(row["title"] for row in await Post.select(Post.title))
    return seen


async def write() -> dict:
    """Until somebody says stop: pairs of a post and its reply, numbered; each is said aloud once it is stored."""
    karim = await Member.objects().get(Member.name == "Karim Benali")
    number = 0
    print("ready", flush=True)
    stop = asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    while not stop.done():
        number += 1
        async with transaction():
            post = await put_up(karim, "tip", title=f"n{number}")
            await Reply.write(post, karim.id, f"n{number}")
        print(number, flush=True)
        await asyncio.sleep(0)
    return {"written": number}


async def die() -> dict:
    """Write a few rows that lie in the log of SQLite only; ``folded``: fold them back; then the machine dies."""
    karim = await Member.objects().get(Member.name == "Karim Benali")
    for number in range(5):
        await put_up(karim, "tip", title=f"dernier {number}")
    if sys.argv[2:] == ["folded"]:
        await query("PRAGMA wal_checkpoint(FULL)")
    os._exit(9)


async def crash() -> dict:
    """A restore whose machine dies when the database is already in its place."""

    async def die(*_: object) -> None:
        os._exit(9)

    restoring.do_again = die
    from pathlib import Path

    from server.running.backup.progress import Progress

    await restoring.restore(Path(sys.argv[2]), None, Progress())
    raise AssertionError


STEPS = {step.__name__: step for step in (make, later, look, write, die, crash)}


async def main(step: str) -> None:
    """Open the board unless it is to be restored, do the step, print what came of it."""
    try:
        prepare_folder(settings.data)
        if step != "crash":
            await open_board()
        said = await STEPS[step]()
        if step in ("make", "later"):
            (settings.data / NOTES).write_text(json.dumps(said))
        print(json.dumps(said, default=str), flush=True)
    finally:
        await close_database()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

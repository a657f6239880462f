"""What stands behind the requests of the demonstration: who took them, private lines, news.

Addresses, codes and numbers are invented; 04 65 71 is kept for fiction by the French regulator.
"""

from datetime import timedelta
from random import Random

from server.base.ids import uuid7
from server.base.sealed import seal
from server.base.settings import settings
from server.demo.rows import House
from server.help.claim import Claim
from server.help.claim_steps import ACTIVE, DONE
from server.help.private import MESSAGE, PRIVATE, Message, PrivatePart, Viewing
from server.help.proxy import ProxyFile
from server.news.told import Notice
from server.posts.post import Post

FLOORS = ("rez-de-chaussée", "1er étage gauche", "2e étage droite", "3e étage gauche, sans ascenseur", "5e, au fond")
NOTES = (
    "Sonnez deux fois, j’entends mal de l’oreille gauche.",
    "L’ordonnance et la carte Vitale sont dans une enveloppe, sur la console.",
    "La liste est sous le magnet du frigo, les sacs derrière la porte.",
    "Le chat sort dès qu’on ouvre : fermez vite.",
)
CHAT = ("Merci, prenez votre temps, je ne bouge pas du fauteuil.", "Je passe à 16 h 30 en sortant du travail.")
# Written by its author for a neighbour who has no telephone.
FOR_SOMEBODY = {"Besoin de quelqu’un pour le linge": "Mme Ancelin"}
LEFT = {"urgent": timedelta(minutes=55), "semaine": timedelta(hours=17)}


def lay_behind(house: House) -> None:
    """Claims for every request somebody took; private parts for those that are not over."""
    for post in [post for post in house.posts.values() if post.kind == "help"]:
        chance = Random(post.title)
        if post.state in ("open", "taken") and post.listed:
            _close_the_door(house, post, chance)
        if post.taker:
            _claim(house, post, chance)
        if post.title in FOR_SOMEBODY:
            _for_somebody(house, post)


def _close_the_door(house: House, post: Post, chance: Random) -> None:
    author = next(one for one in house.people.values() if one.id == post.author)
    answers = {
        "who": FOR_SOMEBODY.get(post.title, author.name),
        "address": f"{chance.randrange(2, 88)} {author.street}",
        "floor": chance.choice(FLOORS),
        "door_code": f"{chance.choice('AB')}{chance.randrange(1000, 9999)}",
        "phone": f"04 65 71 {chance.randrange(10, 99)} {chance.randrange(10, 99)}",
        "note": chance.choice(NOTES),
        "ceiling": 2000 if post.need in ("courses", "pharmacie") else None,
    }
    house.others.append(PrivatePart(id=uuid7(post.created_at), post=post.id, sealed=seal(PRIVATE, post.id, answers)))


def _for_somebody(house: House, post: Post) -> None:
    post.on_behalf = True
    house.others.append(
        ProxyFile(
            id=uuid7(post.created_at), post=post.id, recorded_by=post.author, consent="voice",
            consent_at=post.created_at, call_back="me", call_round=True, coupon="417",
        )
    )  # fmt: skip


def _claim(house: House, post: Post, chance: Random) -> None:
    taken = post.taken_at
    active = post.state == "taken"
    claim = Claim(
        id=uuid7(taken), post=post.id, member=post.taker, state=ACTIVE if active else DONE, at=taken,
        ended_at=post.done_at, viewed_at=taken if active else None,
    )  # fmt: skip
    house.others.append(claim)
    if not active:
        return
    post.lease_until = house.moments.now + LEFT.get(post.urgency, timedelta(hours=settings.leases[2] / 2))
    read = house.moments.after(taken, "1min")
    house.others.append(Viewing(id=uuid7(read), post=post.id, viewer=post.taker, at=read))
    for index, (who, text) in enumerate(zip((post.author, post.taker), CHAT, strict=True)):
        at = house.moments.after(taken, f"{3 + 2 * index}min")
        made = uuid7(at)
        house.others.append(Message(id=made, post=post.id, author=who, sealed=seal(MESSAGE, made, text), at=at))
    house.others.append(
        Notice(
            id=uuid7(taken), person=post.author, what="taken", post=post.id, who=post.taker,
            once=f"taken:{claim.id}:{post.author}", at=taken,
        )
    )  # fmt: skip

"""Every page of the board that a role can see, for the checks that go through them all."""

import io
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from PIL import Image

from server.text.i18n import today

STRANGER = (
    "/entrer", "/carte-perdue", "/charte", "/invitation/INCONNUE", "/cle/INCONNUE", "/rien", "/installer",
    "/courriel/oui/INCONNU",
)  # fmt: skip
RESIDENT = (
    "/", "/?genre=bon-plan", "/?pres=1", "/ecrire", "/ecrire/coup-de-main", "/ecrire/bon-plan", "/ecrire/rendez-vous",
    "/ecrire/mot-gentil", "/ecrire/playlist", "/ecrire/initiative", "/chez-moi", "/chez-moi/carte", "/invitations",
    "/entraide", "/nouvelles", "/alertes", "/pour-quelqu-un", "/chez-moi/depart",
    "/installer/iphone", "/installer/android", "/installer/ordinateur", "/chez-moi/autre-ecran", "/ecrire/partage",
    "/ecrire/partage?title=La+mer&url=https://open.spotify.com/track/1",
)  # fmt: skip
MODERATOR = ("/moderation", "/moderation/portes", "/moderation/masques", "/moderation/journal", "/moderation/chiffres")
KIND_PATHS = ("demande-d-aide", "coup-de-main", "bon-plan", "rendez-vous", "mot-gentil", "playlist", "initiative")

TOMORROW = (today() + timedelta(days=1)).isoformat()
WANTED = {
    "need": "courses", "urgency": "urgent", "due_at_day": TOMORROW, "due_at_hour": "18:00", "place": "rue de Gerland",
    "title": "Deux packs d’eau à monter", "body": "Au troisième, sans ascenseur.", "who": "Mme Berthier",
    "address": "52 rue de Gerland", "floor": "3e étage gauche", "door_code": "B4071", "phone": "04 65 71 20 08",
    "note": "Sonnez deux fois.", "ceiling": "20",
}  # fmt: skip
OFFERED = {
    "title": "Je fais le marché samedi", "capacity": "4", "repeats": "once", "reach": "near",
    "starts_at_day": TOMORROW, "starts_at_hour": "08:00",
}  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """A page that only answers a form: where it is sent, and what with."""

    path: str
    name: str
    fields: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.path} ({self.name})"

    def form(self) -> dict[str, str]:
        """The fields, with a fresh key."""
        return self.fields | {"cle": secrets.token_urlsafe(16)}


async def every_page(screen, others: dict) -> list[str | Sent]:
    """All that an admin can see: the lists, one post of each kind, an editor, help in each of its states.

    ``others``: screens of two residents and a newcomer, who make help happen once per board.
    """
    posts = []
    for path in KIND_PATHS:
        await screen.go(f"/?genre={path}")
        posts.append(await screen.page.locator("article h3 a").first.get_attribute("href"))
    await screen.go(posts[2])
    neighbour = await screen.page.locator(".signe a[href^='/voisins/']").first.get_attribute("href")
    reported = await screen.page.locator("a[href*='/signaler']").all()
    reply = [await link.get_attribute("href") for link in reported[:1]]
    await screen.go("/chez-moi")
    # Of another device of the same person, where one was opened before.
    devices = [await one.get_attribute("href") for one in await screen.page.locator("a[href$='/fermeture']").all()]
    staged = screen.server.__dict__
    if "help" not in staged:
        staged["help"] = await help_in_every_state(screen, others)
    return [*RESIDENT, *MODERATOR, *posts, neighbour, *reply, *devices[:1], *staged["help"]]


async def help_in_every_state(amelie, others: dict) -> list[str | Sent]:
    """Requests and offers as every person in them sees them; the admin is in all of them."""
    odette, karim, newcomer = (others[name] for name in ("asker", "volunteer", "newcomer"))
    taken = await send(odette, Sent("/ecrire/demande-d-aide", "ask", WANTED | {"relu": "oui"}))
    await send(amelie, Sent(f"{taken}/prise", "take"))
    await send(odette, Sent(f"{taken}/messages", "word", {"message": "Merci, prenez votre temps."}))
    await send(amelie, Sent(f"{taken}/messages", "word", {"message": "Je passe à 16 h 30."}))
    await send(amelie, Sent(f"{taken}/somme", "sum", {"somme": "22,50"}))
    await send(amelie, Sent(f"{taken}/tickets", "receipt", {"ticket_alt": "Un ticket froissé"}), photo="ticket")
    mine = [
        await send(
            amelie, Sent("/ecrire/demande-d-aide", "ask", WANTED | {"relu": "oui", "need": need, "title": title})
        )
        for need, title in (("garde", "Garder Lou une heure"), ("trajet", "Porter un carton"), ("autre", "Un ourlet"))
    ]
    done, going, proposed = mine
    await send(karim, Sent(f"{done}/prise", "take"))
    await karim.go(done)
    await send(karim, Sent(f"{done}/fait", "done"))
    await send(karim, Sent(f"{going}/prise", "take"))
    await karim.go(going)
    await send(newcomer, Sent(f"{proposed}/prise", "propose"))
    own = await send(amelie, Sent("/ecrire/coup-de-main", "offer", OFFERED))
    theirs = await send(karim, Sent("/ecrire/coup-de-main", "offer", OFFERED))
    free = await send(karim, Sent("/ecrire/coup-de-main", "offer", OFFERED | {"title": "Je passe à la pharmacie"}))
    await send(odette, Sent(f"{own}/inscription", "join", {"note": "Six œufs", "address": "52 rue de Gerland"}))
    mine_there = await send(amelie, Sent(f"{theirs}/inscription", "join", {"note": "Du pain", "address": "8 place"}))
    kept = await send(amelie, Sent("/pour-quelqu-un", "for somebody", FOR_SOMEBODY | {"semblable": "vu"}))
    return [
        taken, done, going, proposed, own, theirs, free, mine_there, kept, f"{kept}/modifier",
        Sent("/chez-moi/autre-ecran", "key"),
        Sent("/ecrire/playlist", "faults", {"track_link_1": "https://open.spotify.com/track/1"}),
        Sent("/ecrire/demande-d-aide", "check", WANTED),
        Sent("/ecrire/demande-d-aide", "faults and a move", {"title": "Le code est B4071", "body": "06 39 98 41 12"}),
        Sent("/ecrire/demande-d-aide", "moved", {"title": "Le code est B4071", "ranger": "oui"}),
        Sent("/pour-quelqu-un", "faults", {"consent": "paper", "talon": "12", "title": "Le code est B4071"}),
        Sent("/pour-quelqu-un", "alike", FOR_SOMEBODY),
        Sent(f"{taken}/messages", "refused", {"message": ""}),
        Sent(f"{taken}/somme", "refused", {"somme": "beaucoup"}),
        Sent(f"{free}/inscription", "refused", {"note": ""}),
        Sent(f"{done}/remerciement", "refused", {"votre-merci": "Appelez-moi au 06 39 98 41 12"}),
        Sent(f"{done}/prise", "too late"),
        Sent("/entraide/disponibilites", "refused", {"portee": "building", "numero": "nulle part"}),
    ]  # fmt: skip


FOR_SOMEBODY = {
    "need": "courses", "title": "Du lait et du pain", "urgency": "semaine", "rue": "rue de Gerland",
    "who": "Mme Gachet", "address": "31 rue de Gerland", "phone": "04 65 71 20 44", "accord": "oui",
}  # fmt: skip


async def send(screen, sent: Sent, photo: str = "") -> str:
    """Send a form as the browser would; the path of the page it led to."""
    options = {"headers": {"Sec-Fetch-Site": "same-origin"}}
    if photo:
        picture = io.BytesIO()
        Image.new("RGB", (900, 1200), "#fffdf8").save(picture, "JPEG")
        file = {"name": "ticket.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
        answer = await screen.context.request.post(
            screen.server.url + sent.path, multipart=sent.form() | {photo: file}, **options
        )
    else:
        answer = await screen.context.request.post(screen.server.url + sent.path, form=sent.form(), **options)
    assert answer.status == 200, f"{sent}: {answer.status}"
    return answer.url.removeprefix(screen.server.url).split("?")[0].split("#")[0]


async def reach(screen, page: str | Sent) -> None:
    """Open a page; one that answers a form is reached by sending it."""
    if isinstance(page, str):
        await screen.go(page)
        return
    await screen.go("/charte")
    async with screen.page.expect_navigation():
        await screen.page.evaluate(
            """([action, fields]) => {
              const form = Object.assign(document.createElement('form'), { method: 'post', action })
              for (const [name, value] of Object.entries(fields))
                form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }))
              document.body.append(form)
              form.submit()
            }""",
            [page.path, page.form()],
        )


async def source_of(screen, page: str | Sent) -> str:
    """The HTML of a page as the server sends it."""
    if isinstance(page, str):
        return await (await screen.context.request.get(screen.server.url + page)).text()
    answer = await screen.context.request.post(
        screen.server.url + page.path, form=page.form(), headers={"Sec-Fetch-Site": "same-origin"}
    )
    return await answer.text()

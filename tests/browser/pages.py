"""Every page of the board that a role can see, for the checks that go through them all."""

STRANGER = ("/entrer", "/carte-perdue", "/charte", "/invitation/INCONNUE", "/cle/INCONNUE", "/rien")
RESIDENT = (
    "/", "/?genre=bon-plan", "/?pres=1", "/ecrire", "/ecrire/coup-de-main", "/ecrire/bon-plan", "/ecrire/rendez-vous",
    "/ecrire/mot-gentil", "/ecrire/playlist", "/ecrire/initiative", "/chez-moi", "/chez-moi/carte", "/invitations",
    "/entraide",
)  # fmt: skip
MODERATOR = ("/moderation", "/moderation/journal")
KIND_PATHS = ("demande-d-aide", "coup-de-main", "bon-plan", "rendez-vous", "mot-gentil", "playlist", "initiative")


async def every_page(screen) -> list[str]:
    """All of these, one post of each kind, an editor, a neighbour, a reply to report."""
    posts = []
    for path in KIND_PATHS:
        await screen.go(f"/?genre={path}")
        posts.append(await screen.page.locator("article h3 a").first.get_attribute("href"))
    await screen.go(posts[2])
    neighbour = await screen.page.locator(".signe a[href^='/voisins/']").first.get_attribute("href")
    reported = await screen.page.locator("a[href*='/signaler']").all()
    reply = [await link.get_attribute("href") for link in reported[:1]]
    return [*RESIDENT, *MODERATOR, *posts, neighbour, *reply]

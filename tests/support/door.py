"""Coming in."""

import re

from tests.support.people import form_key


async def invite(people, uses: str = "1", days: str = "7") -> str:
    """Odette prepares an invitation; its path."""
    form = {"cle": form_key(await people.odette.get("/invitations")), "note": "", "personnes": uses, "jours": days}
    page = await people.odette.get((await people.odette.post("/invitations", form)).headers["location"])
    return re.search(r'data-address="https://palier.test([^"]+)"', page.text).group(1)

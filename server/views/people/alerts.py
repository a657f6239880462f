"""My alerts: what I want to be told and when, which of my devices ring, and a trial that proves it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import ClientException, NotFoundException, TooManyRequestsException
from litestar.params import FromPath

from server.base.addresses import Refused
from server.base.bell import ring
from server.base.columns import now
from server.base.database import after_commit
from server.base.quiet_hours import EVENINGS, MORNINGS, Quiet
from server.base.settings import MAILBOX, settings
from server.base.shapes import N_
from server.news.alert import Alert
from server.news.alert_choice import DAY, NEVER, WEEK, AlertChoice
from server.news.news import ACTIONS, ALERTED, CONCERNS, NEWS
from server.news.planning import keep_choice
from server.news.subscription import Subscription
from server.news.told import Notice
from server.posts.forms import Fault, Wrong, line
from server.sending.mail.asking import ask_to_confirm
from server.sending.push import browser_keys, endpoint, words
from server.text.i18n import hour
from server.views.people.home import home_page
from server.views.web.door import visit_of
from server.views.web.form_reading import Typed, read_form
from server.views.web.page import go, page

DAY_LONG = timedelta(days=1)
# An hour, for one person.
TRIALS = 20
NO_MAIL = N_("Il manque votre adresse de courriel.")
NOT_A_MAIL = N_("Ce n’est pas une adresse de courriel. Exemple : odette@exemple.fr")
# What the page of samples shows: the news, who gets it, when, what of the night, what it takes the place of.
SAMPLES = (
    ("urgent", N_("Un besoin vital, près de chez vous"), N_("les bénévoles qui peuvent, puis tous"),
     N_("dès la demande"), N_("passe, une fois par nuit"), N_("l’alerte de la même demande")),
    ("taken", N_("Quelqu’un vient"), N_("la personne qui a demandé"),
     N_("dès la prise"), N_("attend le matin"), N_("« personne encore »")),
    ("lease-soon", N_("Toujours d’accord ?"), N_("la personne qui a promis"),
     N_("avant que la demande se rouvre"), N_("attend le matin"), N_("le rappel d’avant")),
    ("nobody", N_("Personne encore"), N_("les admins"),
     N_("si personne ne vient"), N_("attend le matin, sauf besoin vital"), N_("l’alerte de la même demande")),
    ("message", N_("Un mot pour vous"), N_("les deux personnes de la course"),
     N_("à chaque message, groupés"), N_("attend le matin"), N_("le mot précédent")),
    ("trial", N_("L’essai"), N_("vous"),
     N_("quand vous touchez « Faire l’essai »"), N_("passe"), N_("l’essai d’avant")),
)  # fmt: skip


@post("/chez-moi/alertes", name="alert-choice", status_code=200)
async def choose(request: Request) -> Response:
    """Keep what one wants to be told, when, and by email; an unknown value is read as the usual one."""
    typed = await read_form(request)
    visit = visit_of(request)
    quiet = Quiet(0, 0) if typed["calme"] == "non" else Quiet(_hour(typed["de"], EVENINGS), _hour(typed["a"], MORNINGS))
    try:
        by_mail = await _by_mail(visit.viewer.id, typed)
    except Wrong as wrong:
        return await home_page(
            request, None, {"courriel": wrong.args[0]}, 422, typed_alerts={"urgences": ""} | typed.fields
        )
    what = typed["dire"] if typed["dire"] in ALERTED else CONCERNS
    unsure = await keep_choice(visit.viewer.id, what, quiet, *by_mail)
    mail, urgent, letter = by_mail
    wanted = settings.smtp and unsure and (urgent or letter != NEVER)
    asked = wanted and await ask_to_confirm(visit.viewer.id, mail, visit.language)
    return go("/chez-moi#alertes", "mail-asked" if asked else "kept")


async def _by_mail(member: UUID, typed: Typed) -> tuple[str | None, bool, str]:
    """The address, whether urgent needs go there, and how often the rest. Raises Wrong.

    A board that sends no email does not ask, and leaves what was chosen as it is.
    """
    if settings.smtp is None:
        row = await AlertChoice.of(member)
        return (row["mail"], bool(row["mail_urgent"]), row["mail_digest"]) if row else (None, False, NEVER)
    mail = line(typed["courriel"]) or None
    urgent, letter = typed["urgences"] == "oui", typed["lettre"] if typed["lettre"] in (DAY, WEEK) else NEVER
    if mail is None and (urgent or letter != NEVER):
        raise Wrong(Fault(NO_MAIL))
    if mail is not None and (len(mail) > 120 or not MAILBOX.fullmatch(mail)):
        raise Wrong(Fault(NOT_A_MAIL))
    return mail, urgent, letter


def _hour(typed: str, offered: tuple[int, ...]) -> int:
    usual = Quiet().start if offered is EVENINGS else Quiet().end
    return int(typed) if typed in map(str, offered) else usual


@post("/alertes/appareil", name="subscribe", status_code=204)
async def subscribe(request: Request) -> None:
    """Alert this device from now on, or still: the browser's push subscription (W3C Push API), as a form.

    400 for an endpoint of no push service we know, or keys that nothing can be sealed for.
    """
    typed = await read_form(request)
    viewer = visit_of(request).viewer
    try:
        where = endpoint.check(typed["endpoint"])
    except Refused:
        raise ClientException("Not an endpoint of a push service.") from None
    if not browser_keys.usable(typed["p256dh"], typed["auth"]):
        raise ClientException("Not the keys of a subscription.")
    if await Subscription.keep(viewer.id, viewer.session, where, typed["p256dh"], typed["auth"]):
        # The sender may sleep until there is somebody to alert.
        after_commit(ring)


@post("/alertes/appareil/coupure", name="unsubscribe", status_code=200)
async def unsubscribe(request: Request) -> Response:
    """Alert this device no more."""
    await Subscription.close(visit_of(request).viewer.session)
    return go("/chez-moi#alertes", "alerts-off")


@post("/alertes/essai", name="trial", status_code=200)
async def try_out(request: Request) -> Response:
    """Send a real alert to this device, and give the number to ask for its receipt; 404 when it is not alerted."""
    viewer = visit_of(request).viewer
    device = await Subscription.of_session(viewer.session)
    if device is None:
        raise NotFoundException
    if await Notice.count_since(viewer.id, "trial", now() - timedelta(hours=1)) >= TRIALS:
        raise TooManyRequestsException
    return _text(str(await Notice.try_out(viewer.id, device["id"])))


@get("/alertes/essai/{alert_id:uuid}", name="trial-state")
async def show_trial(request: Request, alert_id: FromPath[UUID]) -> Response:
    """What became of a trial: ``waiting``, ``sent`` to the push service, ``heard`` by the device, ``failed``."""
    found = await Alert.of(alert_id, visit_of(request).viewer.id)
    if found is None:
        raise NotFoundException
    return _text("heard" if found["heard_at"] else found["state"])


@post("/alertes/essai/{alert_id:uuid}", name="trial-heard", status_code=204)
async def hear(request: Request, alert_id: FromPath[UUID]) -> None:
    """The device's own receipt: its worker has shown the alert."""
    if not await Alert.hear(alert_id, visit_of(request).viewer.session):
        raise NotFoundException


@get("/alertes", name="alerts")
async def show_samples(request: Request) -> Response:
    """What an alert says, and never says: samples made by what makes the real ones."""
    visit = visit_of(request)
    # An hour at which a pharmacy is open, today or tomorrow.
    evening = now().astimezone(settings.zone).replace(hour=18, minute=0)
    here = {
        "need": "pharmacie", "due_at": evening if evening > now() else evening + DAY_LONG, "starts_at": None,
        "place": visit.plate.streets[0] if visit.plate.streets else "",
    }  # fmt: skip
    samples = [_sample(what, visit, here) | {"facts": facts} for what, *facts in SAMPLES]
    return await page(request, "people/alert_samples.html", samples=samples, actions=ACTIONS)


def _sample(what: str, visit: Any, here: dict[str, Any]) -> dict[str, Any]:
    title, body = words.words(what, visit.language, visit.plate, here, 40)
    return {"title": title, "body": body, "actions": NEWS[what].actions, "hour": hour(now(), visit.language)}


def _text(text: str) -> Response:
    return Response(text, media_type="text/plain", headers={"Cache-Control": "no-store"})

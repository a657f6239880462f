"""How to put Palier on one's screen, on each kind of device. Before the door too: the new application opens outside."""

from dataclasses import dataclass

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.base.shapes import N_
from server.views.web.page import page


@dataclass(frozen=True, slots=True)
class Device:
    """A tab of the page: its address, its name, what one needs to know first."""

    path: str
    label: str
    icon: str
    first: str


_ALL = (
    Device("iphone", N_("iPhone et iPad"), "appareil", N_("Avec Safari, et iOS 16.5 ou plus récent. Deux minutes.")),
    Device("android", N_("Android"), "appareil", N_("Avec Chrome, Firefox, Samsung Internet ou Edge. Une minute.")),
    Device("ordinateur", N_("Ordinateur"), "ecran", N_("Facultatif : le tableau marche très bien dans le navigateur.")),
)
DEVICES = {device.path: device for device in _ALL}


@get("/installer", opt={"public": True}, name="install")
async def show_install(request: Request) -> Response:
    """The steps for the device that asks."""
    return await _page(request, DEVICES[device_of(request.headers.get("user-agent", ""))])


@get("/installer/{path:str}", opt={"public": True}, name="install-on")
async def show_install_on(request: Request, path: FromPath[str]) -> Response:
    """The steps for the chosen device."""
    if path not in DEVICES:
        raise NotFoundException
    return await _page(request, DEVICES[path])


def device_of(user_agent: str) -> str:
    """Which tab fits this browser. An iPad that calls itself a Mac gets the computer's."""
    if any(sign in user_agent for sign in ("iPhone", "iPad", "iPod")):
        return "iphone"
    return "android" if "Android" in user_agent else "ordinateur"


async def _page(request: Request, device: Device) -> Response:
    return await page(
        request, "install/install.html", device=device, devices=DEVICES.values(), address=request.headers["host"]
    )

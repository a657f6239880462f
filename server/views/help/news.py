"""The bell: what somebody was told."""

from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromQuery

from server.news.news import NEWS, PAGES
from server.news.told import Notice
from server.views.web.door import visit_of
from server.views.web.page import go, page

ON_A_PAGE = 60


@get("/nouvelles", name="news")
async def show_news(request: Request, avant: FromQuery[UUID | None] = None) -> Response:
    """One's news, the newest first; ``avant``: what is older than this piece of news."""
    viewer = visit_of(request).viewer
    found = await Notice.of(viewer.id, ON_A_PAGE + 1, viewer.session, avant)
    news = found[:ON_A_PAGE]
    older = news[-1]["id"] if len(found) > ON_A_PAGE else None
    return await page(request, "help/news.html", news=news, older=older, notices=NEWS, pages=PAGES, stored=False)


@post("/nouvelles/lues", name="news-seen", status_code=200)
async def see_news(request: Request) -> Response:
    """All of it is seen."""
    viewer = visit_of(request).viewer
    await Notice.see(viewer.id, viewer.session)
    return go("/nouvelles")

"""The bell: what somebody was told."""

from litestar import Request, Response, get, post

from server.news import NEWS, PAGES
from server.tables.notice import Notice
from server.views.door import visit_of
from server.views.page import go, page


@get("/nouvelles", name="news")
async def show_news(request: Request) -> Response:
    """One's news, the newest first."""
    viewer = visit_of(request).viewer
    news = await Notice.of(viewer.id, session=viewer.session)
    return await page(request, "help/news.html", news=news, notices=NEWS, pages=PAGES, stored=False)


@post("/nouvelles/lues", name="news-seen", status_code=200)
async def see_news(request: Request) -> Response:
    """All of it is seen."""
    viewer = visit_of(request).viewer
    await Notice.see(viewer.id, viewer.session)
    return go("/nouvelles")

"""The bell: what somebody was told."""

from litestar import Request, Response, get, post

from server.news import NEWS
from server.tables.notice import Notice
from server.views.door import visit_of
from server.views.page import go, page


@get("/nouvelles", name="news")
async def show_news(request: Request) -> Response:
    """One's news, the newest first."""
    return await page(
        request, "help/news.html", news=await Notice.of(visit_of(request).viewer.id), notices=NEWS, stored=False
    )


@post("/nouvelles/lues", name="news-seen", status_code=200)
async def see_news(request: Request) -> Response:
    """All of it is seen."""
    await Notice.see(visit_of(request).viewer.id)
    return go("/nouvelles")

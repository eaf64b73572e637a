"""Everything outside `/api` and `/schema` is the page."""

from __future__ import annotations

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException

from wildwatch.api.page.files import NOT_BUILT, PageFile
from wildwatch.api.resources import Resources

PageRequest = Request[object, object, State]


@get(["/", "/{path:path}"], include_in_schema=False)
async def page(request: PageRequest, resources: NamedDependency[Resources]) -> Response[bytes]:
    """A file of the page, or `index.html` for its routes."""
    path = request.url.path
    if path.startswith(("/api/", "/schema")):
        raise NotFoundException
    if not resources.page.is_built:
        return Response(NOT_BUILT.encode(), status_code=503, media_type="text/plain; charset=utf-8")
    found = resources.page.find(path)
    if found is None:
        raise NotFoundException
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if found.is_hashed else "no-cache",
        "ETag": found.etag,
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == found.etag:
        return Response(b"", status_code=304, headers=headers, media_type=found.media_type)
    encoding = _encoding(found, request.headers.get("accept-encoding", ""))
    if encoding != "identity":
        headers["Content-Encoding"] = encoding
    return Response(found.bodies[encoding], headers=headers, media_type=found.media_type)


def _encoding(found: PageFile, accepted: str) -> str:
    offered = {
        part.partition(";")[0].strip() for part in accepted.split(",") if ";q=0" not in part.replace(" ", "")
    }
    return next((name for name in ("br", "gzip") if name in offered and name in found.bodies), "identity")

"""The ASGI application, from its resources."""

from __future__ import annotations

from litestar import Litestar
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import License

from wildwatch.api import problems
from wildwatch.api.edge import Edge
from wildwatch.api.live.routes import live
from wildwatch.api.mail.routes import MailController
from wildwatch.api.page.routes import page
from wildwatch.api.pipeline.routes import PipelineController
from wildwatch.api.resources import Resources
from wildwatch.api.settings import ApiSettings


def create_app(resources: Resources | None, settings: ApiSettings) -> Litestar:
    """The application. Without resources it can only describe itself."""

    async def provide_resources() -> Resources:
        if resources is None:
            raise RuntimeError("this application was made to describe itself only")
        return resources

    return Litestar(
        route_handlers=[MailController, PipelineController, live, page],
        dependencies={"resources": Provide(provide_resources, use_cache=False)},
        middleware=[Edge(settings.listen_host, settings.allowed_hosts)],
        exception_handlers=problems.HANDLERS,
        openapi_config=OpenAPIConfig(
            title="Wildwatch",
            version="1",
            description=(
                "Watches WildDuck mail infrastructure. Times are epoch milliseconds, durations milliseconds, "
                "sizes bytes, shares 0 to 1 of delivery attempts. Errors are RFC 9457 problem documents."
            ),
            license=License(name="Apache-2.0", identifier="Apache-2.0"),
            path="/schema",
            # Litestar's other renderers load scripts from a CDN; this page asks no third party.
            render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
        ),
        debug=False,
        logging_config=None,
    )

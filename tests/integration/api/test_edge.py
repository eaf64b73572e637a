"""What every request passes, and the page behind it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.integration.api.conftest import Api, serving

from wildwatch.api.app import create_app
from wildwatch.api.page import files
from wildwatch.api.page.files import NOT_BUILT
from wildwatch.api.resources import Resources
from wildwatch.api.settings import ApiSettings


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8020"}, 200),
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example:8020"}, 421),
        ({"Origin": "http://127.0.0.1:8020"}, 200),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_foreign_hosts_and_origins_are_refused(api: Api, headers: dict[str, str], status: int) -> None:
    port = str(api.client.base_url.port)
    mine = {name: value.replace(":8020", f":{port}") for name, value in headers.items()}
    answer = await api.client.get("/api/v1/status", headers=mine)
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_every_answer_has_a_strict_policy(api: Api) -> None:
    for path in ("/", "/api/v1/status", "/api/v1/nothing", "/schema"):
        policy = (await api.client.get(path)).headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy


async def test_unknown_paths_are_problems(api: Api) -> None:
    answer = await api.client.get("/api/v1/nothing")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:wildwatch:problem:not-found")


async def test_a_page_that_is_not_built_says_so_in_one_line(api: Api) -> None:
    answer = await api.client.get("/mail")
    assert (answer.status_code, answer.text) == (503, NOT_BUILT)


async def test_the_schema_is_openapi_31(api: Api) -> None:
    answer = await api.client.get("/schema")
    assert answer.json()["openapi"].startswith("3.1")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A small page as the build leaves it."""
    folder = tmp_path / "page"
    assets = folder / "assets"
    assets.mkdir(parents=True)
    (folder / "index.html").write_text("<html>")
    (folder / "theme.js").write_text("theme")
    (assets / "index-abc.js").write_text("plain")
    (assets / "index-abc.js.br").write_bytes(b"brotli")
    (assets / "index-abc.js.gz").write_bytes(b"gzip")
    return folder


def test_the_page_is_served_as_built(built: Path) -> None:
    pages = files.load(built)
    script = pages.find("/assets/index-abc.js")
    assert script is not None
    assert script.is_hashed
    assert script.bodies == {"identity": b"plain", "br": b"brotli", "gzip": b"gzip"}
    assert pages.find("/mail") == pages.find("/") == pages.find("/index.html")
    assert pages.find("/assets/gone-123.js") is None
    assert pages.find("/robots.txt") is None
    assert pages.find("/../../etc/passwd") == pages.find("/")


async def test_assets_are_kept_for_ever_and_sent_compressed(api: Api, built: Path) -> None:
    own = api.resources
    resources = Resources(
        mail=own.mail, pipeline=own.pipeline, hub=own.hub, page=files.load(built), now=own.now
    )
    async with serving(create_app(resources, ApiSettings())) as client:
        script = await client.get("/assets/index-abc.js", headers={"Accept-Encoding": "identity"})
        assert script.text == "plain"
        assert "immutable" in script.headers["cache-control"]
        assert script.headers["content-type"].startswith("text/javascript")
        async with client.stream(
            "GET", "/assets/index-abc.js", headers={"Accept-Encoding": "gzip, br"}
        ) as squeezed:
            assert squeezed.headers["content-encoding"] == "br"
            assert [part async for part in squeezed.aiter_raw()] == [b"brotli"]
        index = await client.get("/pipeline", headers={"Accept-Encoding": "identity"})
        assert (index.text, index.headers["cache-control"]) == ("<html>", "no-cache")
        again = await client.get("/", headers={"If-None-Match": index.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert (await client.get("/assets/old-000.js")).status_code == 404

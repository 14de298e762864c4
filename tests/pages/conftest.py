"""Pages in memory."""

import pytest

from kg.model.page import Page


@pytest.fixture(scope="session")
def page():
    """A page with this payload."""

    def make(payload, media_type="text/html", source="page.html"):
        content = payload if isinstance(payload, bytes) else payload.encode()
        return Page(source=source, media_type=media_type, payload=content)

    return make

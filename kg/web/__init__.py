"""The graph on the web: SPARQL, a document for every thing, and a start page."""

from kg.web.app import create_app
from kg.web.following import Published
from kg.web.server import serve
from kg.web.writing import WriteSide

__all__ = ["Published", "WriteSide", "create_app", "serve"]

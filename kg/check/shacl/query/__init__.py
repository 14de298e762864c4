"""Queries of SPARQL constraints: compiled where that is possible, and otherwise left to Oxigraph."""

"""Records → quads, and the graph's terms: IRIs, literals, vocabularies and serialisations."""

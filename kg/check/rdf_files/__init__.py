"""RDF files checked against shapes, with findings that point at lines and columns."""

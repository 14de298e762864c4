"""SHACL compiled: shapes become Python closures over one page's statements."""

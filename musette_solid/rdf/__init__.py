"""RDF and nothing else: syntax, differences, names, terms."""

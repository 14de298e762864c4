"""Relative IRIs mean what RFC 3986 says."""

import pytest

from kg.check.rdf_files.resolution import resolved

# RFC 3986, sections 5.4.1 and 5.4.2, but for those with a scheme, which are left as they are.
EXAMPLES = """
g http://a/b/c/g
./g http://a/b/c/g
g/ http://a/b/c/g/
/g http://a/g
//g http://g
?y http://a/b/c/d;p?y
g?y http://a/b/c/g?y
#s http://a/b/c/d;p?q#s
g#s http://a/b/c/g#s
g?y#s http://a/b/c/g?y#s
;x http://a/b/c/;x
g;x http://a/b/c/g;x
g;x?y#s http://a/b/c/g;x?y#s
. http://a/b/c/
./ http://a/b/c/
.. http://a/b/
../ http://a/b/
../g http://a/b/g
../.. http://a/
../../ http://a/
../../g http://a/g
../../../g http://a/g
../../../../g http://a/g
/./g http://a/g
/../g http://a/g
g. http://a/b/c/g.
.g http://a/b/c/.g
g.. http://a/b/c/g..
..g http://a/b/c/..g
./../g http://a/b/g
./g/. http://a/b/c/g/
g/./h http://a/b/c/g/h
g/../h http://a/b/c/h
g;x=1/./y http://a/b/c/g;x=1/y
g;x=1/../y http://a/b/c/y
g?y/./x http://a/b/c/g?y/./x
g?y/../x http://a/b/c/g?y/../x
g#s/./x http://a/b/c/g#s/./x
g#s/../x http://a/b/c/g#s/../x
"""


@pytest.mark.parametrize(("reference", "expected"), [line.split() for line in EXAMPLES.strip().splitlines()])
def test_the_standard_s_examples(reference, expected):
    """Each example of the standard gives what the standard says."""
    assert resolved(reference, "http://a/b/c/d;p?q") == expected


@pytest.mark.parametrize("iri", ["g:h", "http://x/a/../b", "urn:a:b"])
def test_an_iri_with_a_scheme_stays(iri):
    """Nothing is normalised, as Oxigraph normalises nothing."""
    assert resolved(iri, "http://a/b") == iri


def test_nothing_is_the_base_itself():
    """An empty reference is the base without its fragment."""
    assert resolved("", "http://a/b?q#f") == "http://a/b?q"

"""The record published with a version."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kg.store import Counts, Facts, Manifest

MANIFEST = Manifest(
    counts=Counts(statements=6, named_graphs=5, pages=4, reports=3, gaps=2, findings=1),
    digest="d1",
    inputs={"pages": "p1", "本体": "o1"},
    shapes="s1",
    code="0.1.0",
    created="2021-09-15T08:00:00Z",
    files={"CURRENT": 16, "000009.sst": 1236},
)


def test_a_manifest_survives_its_text():
    """from_json gives back what to_json wrote."""
    assert Manifest.from_json(MANIFEST.to_json()) == MANIFEST


def test_equal_manifests_have_equal_text():
    """The order in which inputs were named leaves no trace."""
    other = Manifest.from_json(json.dumps(dict(reversed(json.loads(MANIFEST.to_json()).items()))))
    assert other.to_json() == MANIFEST.to_json()


@pytest.mark.parametrize("key", sorted(set(json.loads(MANIFEST.to_json())) - {"checksum", "format"}))
def test_no_part_can_change_unseen(key):
    """A manifest in which anything was changed is refused."""
    content = json.loads(MANIFEST.to_json())
    content[key] = {**content[key], "reports": 9} if isinstance(content[key], dict) else "other"
    with pytest.raises(ValueError, match="checksum"):
        Manifest.from_json(json.dumps(content))


@pytest.mark.parametrize("text", ["", "[]", "3", "{", MANIFEST.to_json()[:-20], "{}", '{"format": 2}'])
def test_what_is_no_manifest_is_refused(text):
    """Text that is cut, foreign, or of a later format raises ValueError."""
    with pytest.raises(ValueError, match=r"format|checksum|JSON|Expecting|delimiter|Unterminated"):
        Manifest.from_json(text)


def test_the_same_content_inputs_and_shapes_repeat_a_version():
    """Code version, findings and time may differ; digest, deposits, inputs and shapes may not."""
    facts = Facts(inputs={"本体": "o1", "pages": "p1"}, shapes="s1", code="0.2.0", findings=7)
    assert MANIFEST.says_the_same_as(facts, MANIFEST)
    assert not MANIFEST.says_the_same_as(facts, replace(MANIFEST, digest="d2"))
    assert not MANIFEST.says_the_same_as(facts, replace(MANIFEST, deposits={"curated/x.nt": "e1"}))
    assert not MANIFEST.says_the_same_as(Facts(inputs={}, shapes="s1", code="0.1.0"), MANIFEST)

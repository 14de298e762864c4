"""What is known beforehand, as plain data."""

from kg.model.knowledge import Entry, EntryKind, Knowledge, Name, NameKind, Scheme


def entry(key, kind, *names, jurisdiction=None):
    """An entry with names."""
    return Entry(iri=f"http://x/{key}", key=key, kind=kind, names=names, jurisdiction=jurisdiction)


def name(text, kind=NameKind.OFFICIAL, language="en"):
    """A name."""
    return Name(text=text, language=language, kind=kind)


def test_the_label_is_the_official_english_name():
    """The label is the official English name, whatever stands before it."""
    former, official, native = name("Old", NameKind.FORMER), name("New"), name("新", NameKind.NATIVE, "ja")
    assert entry("a", EntryKind.BODY, native, former, official).label == "New"
    assert entry("a", EntryKind.BODY, native, former).label == "新"


def test_entries_are_found_by_iri_kind_and_code():
    """An entry is found by its IRI and its kind; a jurisdiction by its code too."""
    japan = entry("jp", EntryKind.JURISDICTION, name("Japan"), jurisdiction="JP")
    council = entry("jp-csti", EntryKind.BODY, name("Council"), jurisdiction="JP")
    knowledge = Knowledge(entries=(japan, council), concepts=())
    assert knowledge.by_iri["http://x/jp-csti"] is council
    assert knowledge.of_kind(EntryKind.BODY) == (council,)
    assert knowledge.jurisdictions == {"JP": japan}


def test_concepts_are_found_by_scheme(knowledge):
    """Each concept belongs to exactly one of the four schemes."""
    assert sum(len(knowledge.in_scheme(scheme)) for scheme in Scheme) == len(knowledge.concepts)

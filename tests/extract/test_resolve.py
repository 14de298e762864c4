"""Which entry a name stands for: links where the signs agree, abstentions where they do not."""

from datetime import date

import pytest

from kg.extract.resolve import Query, Resolver
from kg.model.records import ThingKind

CONCEPT = "https://w3id.org/policy-kg/concept/body-type/"


@pytest.fixture(scope="module")
def resolve(knowledge):
    """Resolves a body's name; tells the linked key, else the candidates' keys."""
    resolver = Resolver(knowledge)

    def key(iri):
        return iri.rpartition("/")[2]

    def resolved(name, kind=ThingKind.BODY, **told):
        found = resolver.resolve(Query(kind=kind, name=name, **told))
        return key(found.linked) if found.linked else [key(each.iri) for each in found.candidates]

    return resolved


@pytest.mark.parametrize(
    ("name", "country", "expected"),
    [
        ("Council for Science, Technology and Innovation", "JP", "jp-csti"),
        ("Comprehensive Science and Technology Innovation Conference", "JP", "jp-csti"),
        ("National Science and Technology Council", "GB", "gb-nstc"),
        ("National Science and Technology Council", "US", "us-nstc"),
        ("UK Research and Innovation", "GB", "gb-ukri"),
    ],
)
def test_names_link_within_their_country(name, country, expected, resolve):
    """The same name is another body in another country; a translation of the same word is the same body."""
    assert resolve(name, jurisdiction=country) == expected


def test_the_owner_tells_two_bureaus_apart(resolve):
    """A bureau "of Cabinet Office" is the one whose parent that is, though its name is no entry's."""
    name = "Bureau of Science and Technology Innovation Promotion Affairs of Cabinet Office"
    told = {"jurisdiction": "JP", "owner": "Cabinet Office", "body_type": f"{CONCEPT}bureau"}
    assert resolve(name, **told) == "jp-sti-secretariat"


def test_an_owner_that_agrees_is_a_sign_of_its_own(resolve):
    """What words alone leave open links when the owner is the entry's parent, and not with another owner."""
    name, told = "Bureau of Science and Innovation", {"jurisdiction": "JP", "body_type": f"{CONCEPT}bureau"}
    assert resolve(f"{name} of Cabinet Office", owner="Cabinet Office", **told) == "jp-sti-secretariat"
    assert resolve(f"{name} of Mars", owner="Mars", **told) != "jp-sti-secretariat"


def test_what_is_part_of_a_body_is_not_that_body(resolve):
    """A secretariat "of Cabinet Office" may be unknown, but it is not Cabinet Office."""
    told = {"jurisdiction": "JP", "owner": "Cabinet Office", "body_type": f"{CONCEPT}secretariat"}
    assert "jp-cabinet-office" not in resolve("Science Secretariat of Cabinet Office", **told)


def test_without_a_country_nothing_links(resolve):
    """Where the country is not known, even a perfect name is a candidate among others."""
    candidates = resolve("National Science and Technology Council")
    assert {"gb-nstc", "us-nstc"} <= set(candidates)


def test_an_acronym_links_within_its_country_alone(resolve):
    """NSTC is several countries' body: each links where it belongs, and none elsewhere."""
    assert resolve("Grand Council", acronym="NSTC", jurisdiction="GB") == "gb-nstc"
    assert "gb-nstc" not in resolve("Grand Council", acronym="NSTC", jurisdiction="JP")


def test_another_type_of_body_is_not_linked(resolve):
    """A committee is no council, however alike the rest of the name."""
    told = {"jurisdiction": "GB", "body_type": f"{CONCEPT}committee"}
    assert resolve("National Science and Technology Committee", **told) != "gb-nstc"


def test_a_body_founded_later_is_not_meant(resolve):
    """A report of 2015 does not speak of a council founded in 2021."""
    told = {"jurisdiction": "GB", "on": date(2015, 1, 1)}
    assert "gb-nstc" not in resolve("National Science and Technology Council", **told)
    assert resolve("National Science and Technology Council", jurisdiction="GB", on=date(2022, 1, 1)) == "gb-nstc"


def test_a_stranger_has_no_candidates(resolve):
    """A name with no word in common with any entry stands for itself."""
    assert resolve("Zyx Gnome Wqrt", jurisdiction="JP") == []


def test_groups_are_never_linked(resolve):
    """Unnamed bodies are no entry."""
    assert resolve("Cabinet Office", kind=ThingKind.BODY_GROUP, jurisdiction="JP") == []


def test_candidates_are_few_and_the_best_come_first(knowledge):
    """At most five, by falling score between 0.4 and 1."""
    found = Resolver(knowledge).resolve(Query(kind=ThingKind.BODY, name="Council for Science and Technology"))
    scores = [each.score for each in found.candidates]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_asking_again_gives_the_same(knowledge):
    """What was resolved once is remembered, and the same for another resolver."""
    query = Query(kind=ThingKind.BODY, name="Cabinet Office", jurisdiction="JP")
    resolver = Resolver(knowledge)
    assert resolver.resolve(query) == resolver.resolve(query) == Resolver(knowledge).resolve(query)

"""Report pages that never were: no two alike, and the same ones on each run.

A page's number is all it depends on, so that a stream of any length needs no memory, and a reader that keeps what it
has read gains nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from random import Random

from kg.model.page import Page, Text
from kg.pages import read_text

_COUNTRIES = (  # noqa: SIM905 - words in a row read better than a list
    "Japan Korea Germany France Finland Sweden Israel Singapore India Brazil Canada Australia "
    "Norway Spain Italy Austria Denmark Ireland Estonia Portugal"
).split()
_FAMILIES = "Shen Sun Gao Lin Qiu Tang Wei Xu Yan Zhou Hou Deng Fang Cao Bai Luo Meng Peng Ren Song".split()  # noqa: SIM905 - as above
_SYLLABLES = "heng chao jie ruo lin wen bo qing yu shan mei dong hai ping xin zhi yong fei an tao lan kai".split()  # noqa: SIM905 - as above
_RANKS = ("National", "Federal", "Central", "Presidential", "Cabinet", "Joint", "Interministerial", "Strategic")
_HEADS = ("Council", "Committee", "Commission", "Board", "Office", "Agency", "Conference", "Bureau")
_TOPICS = (  # noqa: SIM905 - as above
    "Science Technology Innovation Research Energy Industry Health Space Data Materials Oceans Transport Water "
    "Climate Agriculture Education Mobility Standards Skills Security Universities Computing Robotics Photonics"
).split()
_FUNCTIONS = (
    "condensing strategic tasks",
    "coordinating task implementation",
    "distributing science and technology resources",
    "setting priorities",
    "balancing budgets",
    "evaluating programmes",
    "advising the government",
)
_SENTENCES = (
    "The {body} ({acronym}) is chaired by the Prime Minister and has the right to allocate funds.",
    "In {year} the {body} took over the tasks of the {other}, which had been set up in {before}.",
    "The {body} reports to the {other}, and its secretariat of {number} persons prepares the agenda.",
    "Coordinating bodies include the {body} ({acronym}), the {other}, and related agencies.",
    "The {other} has no right to allocate funds; the money stays with the ministries.",
    "Through the {plan}, {country} spent {number} million in {year}, {share} percent more than in {before}.",
    "The mechanism mainly plays a role of {function} and {second}.",
    "The {body} coordinates the {plan}, in force from {year} to {after}, with the {other}.",
    "It brings together government, industry, academia and research institutes in one system.",
    "As a survey of {number} firms shows, {share} percent of them work with a university in {topic}.",
    "The {other} of the {body} may in future decide on {topic}.",
    "Costs in {topic} rose by {share} percent between {before} and {year}, while {second} took {number} days.",
)
#: Sentences as most of a report's are: they tell of no body and no plan.
_PLAIN_SENTENCES = (
    "Firms in {country} do more work in {topic} than before; they lack people, and {share} percent lack money too.",
    "Since {year} the market for {topic} has grown by {share} percent a year, and demand at home matters most.",
    "The study describes how regions differ in {topic}, names three causes, and asks what they can do by {after}.",
    "Prices for land and labour went up faster than output between {before} and {year}, and work in {topic} pays less.",
    "Better statistics, clearer rules and a fairer tax make reform in {topic} easier, as {share} cities show.",
    "Open questions remain in {topic}: who pays, who owns the results, and how buyers and sellers share their risks.",
    "About {number} people were asked in {year}; {share} percent expect that services in {topic} improve within years.",
)
_LESSONS = (
    "The right to allocate funds should go with {function}.",
    "All links of overall planning have the direct participation of people from academia and industry.",
    "A council at the level of the {body} is high-level enough for {function}.",
    "In the field of {topic}, {function} should come before {second}.",
)
#: Sentences of a page of the size that is usual: about 2,000 characters.
USUAL = 11


class Density(Enum):
    """How much the sentences of a page tell.

    Fourteen pages of one publisher, with 5,400 characters of prose, had 1.3 bodies, 0.9 plans or programmes and 3
    statements in 1,000 characters, 16 of all 16 statements on one page; that one, the densest, had 3.2, 1.3 and 10.
    """

    DENSE = (
        "dense"  # each sentence names bodies: about 6 names in 1,000 characters, more than any page that was measured
    )
    AVERAGE = "average"  # two sentences of seven do, and one lesson is drawn


def text(number: int, sentences: int = USUAL, density: Density = Density.DENSE) -> Text:
    """The page of that number, with so many sentences in its abstract."""
    return as_text(page(number, sentences, density), f"page-{number}.txt")


def texts(first: int, count: int, sentences: int = USUAL, density: Density = Density.DENSE) -> Iterator[Text]:
    """So many pages, one after another."""
    return (text(number, sentences, density) for number in range(first, first + count))


def as_text(content: str, source: str) -> Text:
    """Characters as the text of a page."""
    return read_text(Page(source=source, media_type="text/plain", payload=content.encode()))


def page(number: int, sentences: int = USUAL, density: Density = Density.DENSE) -> str:
    """The characters of the page of that number."""
    random = Random(number)  # noqa: S311 - nothing secret
    country, year = random.choice(_COUNTRIES), 2010 + number % 15
    plan, topics = _plan(random), _some(_TOPICS, random, 3)
    title = f"{country}'s Coordination of {topics[0]} and {topics[1]}: Lessons {number}"
    count = 3 if density is Density.DENSE else 1
    told = [_sentence(_told(density, at), random, country, plan) for at in range(max(sentences - count, 1))]
    lessons = [_sentence(_LESSONS, random, country, plan) for _ in range(count)]
    opening = f"{country} has a macro {topics[2].lower()} and technology coordination mechanism."
    return (
        "We have launched E-mail Alert service,subscribers can receive the latest catalogues free of charge\n\n"
        f"You Are Here: Home > Reports\n\n{title} (No.{number}, {year})\n\nNov {1 + number % 28},{year}\n\n"
        f"By {_authors(random)}, Research Team on “{topics[2]}: Path {number} and Policy”, DRC\n\n"
        f"Research Report, No.{number}, {year} (Total {number + 6000}) {year}-{1 + number % 12}-{1 + number % 27}\n\n"
        f"Abstract: {opening} {' '.join(told)} The Enlightenment of it is as follows. {' '.join(lessons)}\n\n"
        f"Keywords: {topics[0].lower()} policy {number}, coordination of {topics[1].lower()}, {country}\n"
    )


def small(number: int) -> str:
    """The characters of a page that says little, of that number: a title, a date, and which report it is.

    Five thousand of a hundred thousand are of one year. Number and total run in step, so that no two clash.
    """
    random = Random(number)  # noqa: S311 - nothing secret
    country, year, topics = random.choice(_COUNTRIES), 2005 + number % 20, _some(_TOPICS, random, 2)
    return (
        f"{country}'s Coordination of {topics[0]} and {topics[1]}: Lessons {number}\n\nNov {1 + number % 28},{year}\n\n"
        f"By {random.choice(_FAMILIES)} {''.join(_some(_SYLLABLES, random, 2)).capitalize()}\n\n"
        f"Research Report, No.{number}, {year} (Total {number + 6000}) {year}-{1 + number % 10}-{1 + number % 27}\n\n"
        f"Keywords: {topics[0].lower()} policy {number}\n"
    )


def _told(density: Density, at: int) -> Sequence[str]:
    """The patterns for the sentence at a place."""
    return _SENTENCES if density is Density.DENSE or at % 7 in {0, 3} else _PLAIN_SENTENCES


def _sentence(patterns: Sequence[str], random: Random, country: str, plan: str) -> str:
    body, (function, second) = _body(random), _some(_FUNCTIONS, random, 2)
    year = random.randrange(2001, 2025)
    return random.choice(patterns).format(
        body=body,
        acronym="".join(word[0] for word in body.split() if word[0].isupper()),
        other=_body(random),
        plan=plan,
        country=country,
        function=function,
        second=second,
        topic=random.choice(_TOPICS).lower(),
        year=year,
        before=year - random.randrange(1, 15),
        after=year + random.randrange(1, 9),
        number=random.randrange(20, 9000),
        share=random.randrange(2, 90),
    )


def _body(random: Random) -> str:
    first, second = _some(_TOPICS, random, 2)
    rank, head = random.choice(_RANKS), random.choice(_HEADS)
    return random.choice((f"{rank} {head} for {first} and {second}", f"{rank} {first} and {second} {head}"))


def _plan(random: Random) -> str:
    first, second = _some(_TOPICS, random, 2)
    return f"{random.choice(_RANKS)} {first} and {second} {random.choice(('Plan', 'Strategy', 'Programme'))}"


def _authors(random: Random) -> str:
    names = [
        f"{random.choice(_FAMILIES)} {''.join(_some(_SYLLABLES, random, 2)).capitalize()}"
        for _ in range(random.randrange(1, 5))
    ]
    return " & ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _some(words: Sequence[str], random: Random, count: int) -> list[str]:
    return random.sample(words, count)

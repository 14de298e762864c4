"""Workers: whatever becomes of them, each page has its result, in order."""

from __future__ import annotations

import os
import signal

import pytest

from kg.build.crew import Crew
from kg.build.walk import Lost
from kg.model.page import Page


def page(words):
    """A page of these words."""
    return Page(source=words, media_type="text/plain", payload=words.encode())


def work(each):
    """Says the page's words backwards, or does what they say."""
    words = each.payload.decode()
    if words == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if words == "exit":
        os._exit(7)
    while words == "hang":
        signal.pause()
    return words[::-1]


def results(tasks, jobs, deadline=30.0):
    """What comes of the tasks; a page that is lost is its reason."""
    with Crew(work, jobs, deadline) as crew:
        return [each.reason if isinstance(each, Lost) else each for each in crew.results(tasks)]


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_the_order_of_the_pages(jobs):
    """Whatever the number of workers; what is no page goes through in its place."""
    tasks = [number if number % 7 == 0 else page(f"page {number}") for number in range(300)]
    expected = [each if isinstance(each, int) else each.source[::-1] for each in tasks]
    assert results(tasks, jobs) == expected


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_worker_that_dies_costs_its_page_alone(jobs):
    """Killed or ended: the page is named with the reason, and all others have their results."""
    tasks = [page(words) for words in ("a", "die", "b", "exit", "c", "die")]
    killed, ended = "the process that read it was ended by SIGKILL", "the process that read it ended with exit code 7"
    assert results(tasks, jobs) == ["a", killed, "b", ended, "c", killed]


def test_a_page_that_takes_too_long_is_given_up():
    """At the deadline its worker is replaced, and the page is named with the setting."""
    found = results([page("a"), page("hang"), page("b")], 2, deadline=0.5)
    assert found == ["a", "it was not read within 0.5 s (setting page_deadline)", "b"]


def test_pages_larger_than_a_socket_pass():
    """Neither side waits for the other for ever."""
    tasks = [page(f"{number}" * 3_000_000) for number in range(6)]
    assert [len(each) for each in results(tasks, 2)] == [3_000_000] * 6


def test_work_is_taken_as_it_is_done():
    """Pages are asked for when there is room for them, and not all at once."""
    asked = 0

    def tasks():
        nonlocal asked
        for number in range(1000):
            asked += 1
            yield page(str(number))

    with Crew(work, 1, 30.0) as crew:
        next(crew.results(tasks()))
        assert asked < 100


def test_the_first_worker_begins_before_any_page_comes():
    """Once, in its own process: the others, and one that takes its place, begin with their first page."""
    begun = []

    def told(each):
        return work(each) and len(begun)

    with Crew(told, 1, 30.0, lambda: begun.append(1)) as crew:
        found = list(crew.results([page("a"), page("die"), page("b")]))
    assert [found[0], found[2]] == [1, 0]
    assert not begun


def test_no_worker_outlives_its_crew():
    """Leaving the block ends the workers, also in the middle of a page."""
    with Crew(work, 2, 30.0) as crew:
        next(crew.results([page("a"), page("hang"), page("hang"), page("b")]))
        workers = [worker.process for worker in crew._workers]  # noqa: SLF001 - nothing else knows of them
    assert not any(worker.is_alive() for worker in workers)

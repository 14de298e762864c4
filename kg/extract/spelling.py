"""Other spellings of a person's name: proposals for who may be the same, never a merge.

Pinyin's ü is printed as u, v or yu where the letter is lacking: Lü is Lu, Lv or Lyu in passports and bylines, and Lu is
also a family name of its own.
"""

from __future__ import annotations

from itertools import product
from typing import Final

_SPELLINGS: Final = (("lu", "lv", "lyu"), ("nu", "nv", "nyu"))
_BY_SPELLING: Final = {spelling: group for group in _SPELLINGS for spelling in group}


def other_spellings(name: str) -> tuple[str, ...]:
    """The name's other spellings, in a fixed order; none for most names.

    >>> other_spellings("Lyu Wei")
    ('Lu Wei', 'Lv Wei')
    >>> other_spellings("Sun Jie")
    ()
    """
    choices = [_choices(word) for word in name.split()]
    if max(map(len, choices), default=1) == 1:
        return ()
    spelt = (" ".join(chosen) for chosen in product(*choices))
    return tuple(other for other in spelt if other != name)


def _choices(word: str) -> tuple[str, ...]:
    plain = word.casefold().replace("ü", "v")
    group = _BY_SPELLING.get(plain)
    return tuple(spelling.capitalize() for spelling in group) if group else (word,)

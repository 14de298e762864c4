# ruff: noqa: RUF001 - garbled characters are what is tested
"""Bytes to characters: what is recognised, what is refused, and what is named as garbled."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model.errors import SourceError
from kg.model.page import Page
from kg.pages import read_page, read_text
from kg.pages.mojibake import MOST_FAULTS, garbled

CHINESE = (
    "日本宏观科技协调机制及启示\n沈恒超 孙杰\n摘要：日本通过宏观科技协调机制，整合了政府、产业界和科研机构的力量。"
)
FRENCH = "L’économie à l’épreuve : les résultats de la recherche — « été »"
RUSSIAN = "Совет при Президенте по науке и образованию"
KOREAN = "과학기술정책연구원 보고서는 정책을 이야기한다"
JAPANESE = "科学技術政策の調整は内閣府がおこなう"


def content(payload, media_type="text/plain"):
    """The text of a page with this payload."""
    return read_page(Page(source="a.txt", media_type=media_type, payload=payload)).content


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_chinese_is_read_in_each_of_its_encodings(codec):
    """A Chinese page says the same in UTF-8, UTF-16 with or without a mark, and GB18030."""
    assert content(CHINESE.encode(codec)) == CHINESE


@pytest.mark.parametrize("codec", ["utf-8", "cp1252", "utf-16-le", "utf-16-be"])
def test_french_is_read_in_each_of_its_encodings(codec):
    """A page with accents and typographic quotes says the same in UTF-8, Windows-1252 and UTF-16."""
    assert content(FRENCH.encode(codec)) == FRENCH


@pytest.mark.parametrize(("words", "codec"), [("Café", "latin-1"), ("São ações", "latin-1"), ("中国", "gb18030")])
def test_a_few_words_are_enough(words, codec):
    """A page of one or two words is recognised."""
    assert content(words.encode(codec)) == words


@pytest.mark.parametrize("codec", ["gb18030", "cp1252"])
def test_typographic_quotes_alone_tell_the_encoding(codec):
    """English with typographic quotes is read right from either encoding that pages of Chinese institutes use."""
    words = "By A & B, Research Team on “Independent Capabilities”, DRC"
    assert content(words.encode(codec)) == words


@pytest.mark.parametrize(
    ("words", "codec"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (KOREAN, "euc-kr"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (CHINESE, "big5hkscs"),
    ],
)
def test_other_encodings_are_refused_not_guessed(words, codec):
    """Bytes that could only be read wrong are no text, and the first that is no UTF-8 is named."""
    payload = words.encode(codec, "ignore")
    with pytest.raises(SourceError, match=r"a\.txt: no UTF-8 text: byte 0x[0-9a-f]{2} at offset \d+; nor does it read"):
        content(payload)


@pytest.mark.parametrize(("words", "codec"), [(RUSSIAN, "windows-1251"), (KOREAN, "euc-kr"), (JAPANESE, "shift_jis")])
def test_a_web_page_may_declare_its_encoding(words, codec):
    """What cannot be guessed is read when the page says how."""
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={codec}"><p>{words}'
    assert content(page.encode(codec), "text/html") == words


@pytest.mark.parametrize("declared", ["gb2312", "iso-8859-1", "utf-16", "rot13", "no-such-thing"])
def test_a_declaration_that_is_plainly_wrong_is_passed_over(declared):
    """Pages saved as UTF-8 keep the declaration of the encoding they had."""
    page = f'<!-- <meta charset="x"> --><meta charset="{declared}"><p>日本的科技政策 café'
    assert content(page.encode(), "text/html") == "日本的科技政策 café"


def test_a_mark_outweighs_a_declaration():
    """A byte order mark decides."""
    assert content("<meta charset=gbk><p>é".encode("utf-16"), "text/html") == "é"


def test_the_media_type_outweighs_the_page():
    """An encoding in the media type is the server's word on the bytes."""
    assert content(f"<meta charset=gbk><p>{RUSSIAN}".encode("cp1251"), "text/html; charset=windows-1251") == RUSSIAN


def test_rare_breaks_in_a_declared_encoding_are_named():
    """A long page with one broken byte is read, and the place is a fault."""
    page = b"<meta charset=utf-8><p>" + "Zürich und Genf. ".encode() * 100 + b"\xff!"
    text = read_page(Page(source="a.html", media_type="text/html", payload=page))
    (fault,) = text.faults
    assert text.content[fault.at.start - 1 : fault.at.end + 1] == " \ufffd!"
    assert fault.reason == "U+FFFD stands where characters were lost in decoding"


@pytest.mark.parametrize("payload", [b"\xff\xfea", b"\xfe\xff\xd8\x00\x00a", b"\xef\xbb\xbf\xff"])
def test_a_mark_that_the_rest_belies_is_an_error(payload):
    """A page that begins as one encoding and goes on as none is refused with the offset."""
    with pytest.raises(
        SourceError, match=r"no UTF-(8|16-LE|16-BE) text, although it begins as such: byte 0x.. at offset"
    ):
        content(payload)


def test_utf_8_that_was_cut_is_no_latin():
    """Sound UTF-8 with a broken end is not read as something else."""
    with pytest.raises(SourceError, match="no UTF-8 text: byte 0xe5 at offset 12"):
        content("日本的政".encode() + b"\xe5\x9b")


def test_random_bytes_are_no_text():
    """Noise of more than a few bytes is refused."""
    noise = random.Random(267)  # noqa: S311 - the same noise in each run
    for _ in range(2000):
        payload = noise.randbytes(noise.choice([20, 100, 1000]))
        try:
            read_text(Page(source="a.txt", media_type="text/plain", payload=payload))
        except SourceError:
            continue
        pytest.fail(f"read {payload!r}")


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=60))
def test_utf_8_is_read_as_it_is(words):
    """No text in UTF-8 is taken for anything else."""
    try:
        assert content(words.encode()) == words.removeprefix("\ufeff")
    except SourceError as error:
        assert "the page is empty" in str(error)  # noqa: PT017 - the only refusal there may be


@pytest.mark.parametrize(
    ("garble", "meant"),
    [
        ("Japanâ€™s role", "’"),
        ("CafÃ© ", "é"),
        ("Â£5", "£"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
        ("ÈÕ±¾ºê¹Û¿Æ¼¼", "日本宏观科技"),
        ("国家科技".encode().decode("gb18030"), "国家科技"),
    ],
)
def test_garbled_words_are_named_with_what_they_may_stand_for(garble, meant):
    """Text decoded by the wrong encoding is kept as it is, and said to be garbled."""
    text = read_text(Page(source="a.txt", media_type="text/plain", payload=f"x {garble} y".encode()))
    assert garble in text.content
    (fault,) = text.faults
    assert f"it may stand for “{meant}”" in fault.reason
    assert text.content[fault.at.start : fault.at.end] in garble


@pytest.mark.parametrize("garble", ["锟斤拷锟斤拷", "\ufffd\ufffd", "烫烫烫烫", "a\x92s"])
def test_lost_characters_are_named(garble):
    """What no decoding brings back is a fault too."""
    assert len(garbled(f"x {garble} y")) == 1


@pytest.mark.parametrize("control", ["\u202e", "\u2066"])
def test_characters_that_change_the_order_are_named(control):
    """A text may not show other words than it holds without anyone's notice."""
    (fault,) = garbled(f"By A{control}B")
    assert fault.reason == f"the control character U+{ord(control):04X} changes the order in which characters show"


@pytest.mark.parametrize(
    "words", [CHINESE, FRENCH, RUSSIAN, KOREAN, "À GENÈVE « ÉTÉ » „Ö“ naïve façade", "鐘表 鐵路 涓流"]
)
def test_sound_words_are_not_called_garbled(words):
    """Accents, capitals, quotes and rare characters are no faults."""
    assert garbled(words) == ()


def test_no_more_faults_are_named_than_can_be_looked_at():
    """The last fault says that there are more."""
    faults = garbled("\ufffda" * 1000)
    assert len(faults) == MOST_FAULTS
    assert faults[-1].reason == "from here on there are more faults than are named"

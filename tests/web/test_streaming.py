"""Long answers on their way to a client."""

import asyncio

import pytest

from kg.model.errors import QueryTimeout
from kg.web.streaming import Sending, StreamHead


class Failing:
    """A stream that ends with an error after so many pieces."""

    media_type, rows = "text/turtle", None

    def __init__(self, *pieces):
        self.pieces, self.is_closed = pieces, False

    async def __aiter__(self):
        for piece in self.pieces:
            yield piece
        raise QueryTimeout(1)

    def close(self):
        """Ends it."""
        self.is_closed = True


@pytest.mark.parametrize("accepted", [None, "gzip"])
def test_nothing_is_sent_of_an_answer_that_fails_before_its_first_piece(accepted):
    """A worker may end after its answer began and before any of it was sent: then another answer can still be given."""
    stream, sent = Failing(), []
    sending = Sending(stream, StreamHead(is_wanted=True, accepted=accepted, headers=()))

    async def send(message):
        sent.append(message)

    with pytest.raises(QueryTimeout):
        asyncio.run(sending.run(send))
    assert (sent, sending.is_begun, stream.is_closed) == ([], False, True)


def test_what_fails_later_was_begun_and_is_not_ended():
    """No end of the body is sent, so that no client takes it for whole."""
    stream, sent = Failing(b"<a> <b> <c> .\n"), []
    sending = Sending(stream, StreamHead(is_wanted=True, accepted=None, headers=()))

    async def send(message):
        sent.append(message.get("body"))

    with pytest.raises(QueryTimeout):
        asyncio.run(sending.run(send))
    assert (sent, sending.is_begun, stream.is_closed) == ([None, b"<a> <b> <c> .\n"], True, True)

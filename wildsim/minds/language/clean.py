"""What a server sends becomes something that may be kept: no key in it, no half of a character, no end of it."""

from __future__ import annotations

from dataclasses import replace

from wildsim.minds.language.call import Reply
from wildsim.minds.language.scan import MOST
from wildsim.minds.language.secrets import Secrets

LONGEST_WORD = 200
"""Characters kept of the model's revision, of why it ended, and of one token."""

LONGEST_NOTE = 500
MOST_TOKENS = 200_000
"""Token ids, logprobs or texts kept of one reply; of a longer list none is kept, since part of it would mislead."""


def cleaned(reply: Reply, secrets: Secrets) -> Reply:
    """Return a reply of which everything textual can be kept; keys are cut out first, then what is too long."""
    text, note = secrets.hide(reply.text), secrets.hide(reply.note)[:LONGEST_NOTE]
    if len(text) > MOST:
        note = f"{note} Only the first {MOST:,} of {len(text):,} characters were kept.".strip()
    if len(reply.tokens) > MOST_TOKENS or len(reply.completion_ids) > MOST_TOKENS:
        reply = replace(reply, tokens=(), logprobs=(), completion_ids=())
    whole = "".join(reply.tokens)
    tokens = tuple(secrets.hide(token)[:LONGEST_WORD] for token in reply.tokens)
    if secrets.in_text(whole):
        tokens = ()  # a key in parts: each is harmless to the eye, together they are the key
        reply = replace(reply, completion_ids=())
    return replace(
        reply,
        text=text[:MOST],
        note=note,
        revision=secrets.hide(reply.revision)[:LONGEST_WORD],
        finish=secrets.hide(reply.finish)[:LONGEST_WORD],
        tokens=tokens,
        prompt_ids=reply.prompt_ids if len(reply.prompt_ids) <= MOST_TOKENS else (),
    )

"""Who is compared with whom: only persons who share a block, so that a scan's work grows with the persons, not their pairs."""

from collections.abc import Iterator
from hashlib import blake2b

from treaty.people.rules.duplicates.traits import Form, Traits

MOST = 50
"""Persons in a block up to which they are compared; a fuller one says too little, and its persons share finer ones."""
VOWELS = str.maketrans("", "", "aeiouy")


def blocks(traits: Traits) -> set[str]:
    """The blocks a person stands in: each a mark, and what persons of one block have in common."""
    found = {block for form in traits.names for block in _of_name(form, traits)}
    found |= {block for address in traits.emails for block in _of_email(address)}
    found |= {f"t{phone[-8:]}" for phone in traits.phones}
    found |= {f"k{key}" for key in traits.keys}
    if traits.born:
        found.add(f"b{traits.born}")
    if traits.street:
        found.add(f"a{traits.street}{traits.postcode}")
        found.add(f"p{traits.street[:4]}{traits.postcode or traits.city[:4]}")
    return found


def name_block(form: Form) -> str:
    """The block of all who are called exactly so, whichever part comes first: its size says how common a name is."""
    return f"n{'|'.join(sorted((form.given, form.family)))}"


def number(block: str) -> int:
    """A block as the number it is kept by: 63 bits from which nobody reads the name."""
    return int.from_bytes(blake2b(block.encode(), digest_size=8).digest(), "big") >> 1


def _of_name(form: Form, traits: Traits) -> Iterator[str]:
    if form.given and form.family:
        yield name_block(form)
        yield "s" + "".join(sorted((_skeleton(form.given), _skeleton(form.family))))
    elif form.is_unspaced:
        yield name_block(form)
    for word in (form.given, form.family):
        if word:
            yield from _of_word(word, traits)


def _of_word(word: str, traits: Traits) -> Iterator[str]:
    if traits.city:
        yield f"c{word[:3]}{traits.city[:3]}"
    if traits.company:
        yield f"f{word[:3]}{traits.company[:10]}"
    if born := traits.born:
        yield f"y{word[:2]}{born[:4]}"
        yield f"m{word[:4]}{born[4:6]}"
        yield f"d{word[:1]}{born[4:]}"


def _of_email(address: str) -> Iterator[str]:
    local, _, domain = address.partition("@")
    yield f"e{local}"
    yield f"h{local[:5]}{domain[:6]}"


def _skeleton(word: str) -> str:
    """The first letters that misspelling seldom touches: the first one, and the next two that are no vowels."""
    return (word[0] + word[1:].translate(VOWELS))[:3]

"""The name that a vCard of ours gives a person: to this installation it says who that is, and to nobody else."""

from uuid import UUID

from treaty.ledger.rules import opaque

HALF = 8
"""Bytes of a name that hold the person; as many prove that it is ours."""


def card_name(person: int, pepper: bytes) -> str:
    """The same for a person in every export."""
    proof = _keyed(pepper, "card", str(person))
    return UUID(bytes=_veiled(person.to_bytes(HALF), proof, pepper) + proof).urn


def person_called(name: str, pepper: bytes) -> int | None:
    """Whom a name means; None where `card_name` did not give it with this pepper."""
    try:
        told = UUID(name).bytes
    except ValueError:
        return None
    proof = told[HALF:]
    person = int.from_bytes(_veiled(told[:HALF], proof, pepper))
    return person if proof == _keyed(pepper, "card", str(person)) else None


def _veiled(half: bytes, proof: bytes, pepper: bytes) -> bytes:
    """A half under its veil, or without it again."""
    return bytes(map(int.__xor__, half, _keyed(pepper, "veil", proof.hex())))


def _keyed(pepper: bytes, *parts: str) -> bytes:
    return bytes.fromhex(opaque(pepper, *parts))[:HALF]

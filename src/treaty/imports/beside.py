"""Sifts a large file in a process beside this one, so that rows are read while those before them are written.

It knows no database. It ends with whoever began it: what it says is said to nobody then, and that ends it.
"""

import gc
import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import IO

import msgspec

from treaty.imports.reading import BadFile
from treaty.imports.sifting import Block, Sieve, blocks
from treaty.kit.ahead import ahead

LARGE = 500_000
"""Bytes of a file from which on a process of its own is worth its beginning."""
AHEAD = 40
"""Blocks read ahead at most."""
SELDOM = 100_000
"""Objects made and not given back before Python looks for cycles: a block makes none, and is gone when it is said."""
PROGRAM = "from treaty.imports.beside import main; main()"
SIZE = struct.Struct(">I")


class Broken(RuntimeError):
    """The process beside this one ended before the file did; what it said last stands above, or in its log."""


class Said(msgspec.Struct):
    """What the process says: a block, then at the end nothing or why the file cannot be read on."""

    block: Block | None = None
    code: str = ""
    values: dict[str, str] = {}


encoded, decoder = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(Said)


def sifted(sieve: Sieve) -> Generator[Block, None, None]:
    """The blocks of a file, in order: read ahead beside this process where that is worth it. Raises reading.BadFile."""
    is_large = sieve.table.path.stat().st_size >= LARGE and len(os.sched_getaffinity(0)) > 1
    return read_beside(sieve) if is_large else blocks(sieve)


def read_beside(sieve: Sieve) -> Generator[Block, None, None]:
    """The blocks of a file, as a process of its own says them."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0
    )
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018  what PIPE means
    try:
        with process.stdin as there, suppress(BrokenPipeError):
            pickle.dump(sieve, there)
        for message in ahead(_messages(process.stdout), block=1, blocks=AHEAD):
            said = decoder.decode(message)
            if said.code:
                raise BadFile(said.code, sieve.table.path, **said.values)
            if said.block is None:
                return
            yield said.block
        raise Broken
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _messages(stream: IO[bytes]) -> Iterator[bytes]:
    while len(head := stream.read(SIZE.size)) == SIZE.size:
        yield stream.read(*SIZE.unpack(head))


def main() -> None:
    """What the process does: it is told of a file, and says its blocks; whatever else is said goes to the errors."""
    gc.set_threshold(SELDOM)
    there = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # Who is told nothing, or has nobody to tell, was begun by somebody who has ended.
    with suppress(BrokenPipeError, EOFError), there:
        sieve: Sieve = pickle.load(sys.stdin.buffer)  # noqa: S301  from the process that began this one
        try:
            for block in blocks(sieve):
                _say(there, Said(block))
            _say(there, Said())
        except BadFile as error:
            _say(there, Said(code=error.code, values=error.values))


def _say(there: IO[bytes], said: Said) -> None:
    message = encoded(said)
    there.write(SIZE.pack(len(message)) + message)
    there.flush()

"""`make numbers`: every number that somebody published beside ours. Ends with 1 where one is too far away."""

import os
import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.harness.oracles import Oracle

SOURCE = Path(__file__).parent.parent / "src" / "treaty"


def oracles() -> dict[str, list[Oracle]]:
    """By noun, in the order of their names."""
    found = sorted(path.parent.parent.name for path in SOURCE.glob("*/tests/oracles.py"))
    return {noun: import_module(f"treaty.{noun}.tests.oracles").ORACLES for noun in found}


def main() -> int:
    """Print the table; how many are too far away decides the exit."""
    if not os.environ.get("TREATY_TEST_DATA"):
        print("TREATY_TEST_DATA must name the folder of the published data.", file=sys.stderr)
        return 2
    far = 0
    print(f"{'number':72} {'published':>14} {'ours':>14} {'difference':>12}  source")
    for noun, listed in oracles().items():
        print(noun)
        for oracle in listed:
            ours = oracle.ours()
            is_far = abs(ours - oracle.published) > oracle.within
            far += is_far
            mark = "  TOO FAR" if is_far else ""
            print(
                f"  {oracle.name[:70]:70} {oracle.published:14.6g} {ours:14.6g}"
                f" {ours - oracle.published:12.2g}  {oracle.source}{mark}"
            )
    print(f"{far} too far away." if far else "All within what was printed.")
    return int(far > 0)


if __name__ == "__main__":
    sys.exit(main())

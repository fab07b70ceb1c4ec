"""The signed contract, its versions, its promises and their verdicts."""

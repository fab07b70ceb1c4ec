"""The spine: identities and touchpoints, append-only."""

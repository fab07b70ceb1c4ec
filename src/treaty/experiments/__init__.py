"""What a change did, told by a group that did not get it."""

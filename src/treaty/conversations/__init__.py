"""What was said: calls, notes, messages, meetings held."""

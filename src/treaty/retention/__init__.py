"""What is kept no longer than it is needed: rules that empty texts and forget persons, each off until it is turned on."""

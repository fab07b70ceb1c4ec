"""Pure arithmetic that every noun may use: business time and money. No Django, no clock."""

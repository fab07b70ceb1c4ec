"""Files that belong to persons, companies and deals."""

"""The numbers as users meet them: the table of published figures, files that are made up, and what the pages say to type."""

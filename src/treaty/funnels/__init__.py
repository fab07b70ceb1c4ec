"""How persons get from one step to the next, and how many of a cohort come back."""

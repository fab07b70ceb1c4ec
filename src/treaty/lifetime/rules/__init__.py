"""Models of purchases and contracts, as functions over arrays: fit, standard errors, what is to be expected."""

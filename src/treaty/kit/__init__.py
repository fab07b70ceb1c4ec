"""The tools of the house: page shell, lists, jobs, business time, money. No business word in it."""

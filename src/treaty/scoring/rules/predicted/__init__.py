"""The predicted score: how likely somebody becomes a customer, learned from outcomes, checked honestly, told with reasons.

`training` learns, `model` scores and gives reasons, `validation` and `measures` judge, `leaks` guards, `drift` watches,
`card` says it all as one document, `applied` scores other leads.
"""

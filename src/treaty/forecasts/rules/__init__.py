"""Forecasts as functions over arrays: `pipeline` from deals, `mix` from weeks of media."""

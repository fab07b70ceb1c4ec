"""What open deals will bring until a day: chances, time to close, a band, and how past forecasts fared."""

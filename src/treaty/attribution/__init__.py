"""Who brought the conversions: credit shared out over the touches of each path, by many models, all of them exact."""

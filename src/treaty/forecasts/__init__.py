"""What open deals will bring, and what media brought: estimates with their uncertainty."""

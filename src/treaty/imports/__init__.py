"""What enters from files."""

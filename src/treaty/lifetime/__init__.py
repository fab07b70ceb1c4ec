"""What a person is worth: how many purchases are still to come, of what value, and whether somebody is still there."""

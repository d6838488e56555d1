"""What people asked for, kept safe until it is answered."""

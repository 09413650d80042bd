"""Short journeys through the whole house in a real browser."""

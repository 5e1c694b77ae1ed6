"""How a contract may change: two versions compared, and what breaks shown by an event that proves it."""

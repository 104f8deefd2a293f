"""In-memory stores: the unit tests, the simulator and the fault tests run the real services on them."""

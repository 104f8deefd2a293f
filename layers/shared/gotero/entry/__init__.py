"""What every function needs: settings, observability, HTTP, batches, wiring."""

"""What is simulated: strings, numbers, wiring. No data, no run folders, no plots."""

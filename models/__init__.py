"""What is simulated: strings, numbers, wiring. No data, no run folders, no plots."""

PROJECT = "segregated-dendrites"  # its folder in the user's cache

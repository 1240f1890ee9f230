"""What is simulated: strings, numbers, wiring. No files, no plots, no command line."""

"""What a run showed: reads run folders, draws figures. Never simulates."""

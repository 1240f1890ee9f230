"""Questions to segregated dendrites: the paper, figure by figure."""

"""Questions to backpropagation and feedback alignment (Lillicrap et al. 2014, 2016)."""

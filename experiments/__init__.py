"""Which question is asked: one page each, and the loop that they share.

In all pages "P" is the paper of the page's theory. Of segregated dendrites that is Guerguiev,
Lillicrap & Richards (2017), eLife 6:e22901, and "C" what the authors' code does where the paper
leaves it open.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]  # of the project: results and runs are kept there
RUNS = ROOT / "runs"

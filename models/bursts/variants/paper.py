"""The cell of Naud & Sprekeler (2018): a fixed threshold, and 3 ms in which it cannot fire."""


def pyramidal(cell):
    """As it is."""
    return cell

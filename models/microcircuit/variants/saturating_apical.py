"""Apical potentials that saturate: beyond v_most they grow no further.

v_A = v_most tanh((v_TD + v_PI)/v_most), for the soma and for synapses from interneurons alike.
Source: the plateau of dendritic NMDA and calcium spikes (Schiller et al. 2000; Larkum 2013), in the
simplest form that has a ceiling; v_most is ours, about half of what v_A of the paper's cells is at
the end of an image while they learn.

Expect: large errors count less, and learning is less sure. After 10 epochs of the digits in time
(--preset digits --dynamics continuous --dt 0.5 --lasts 50; three seeds) it has 10.1 ± 3.5 % of
errors, the paper's cells 7.1 ± 2.4 %.
"""


def hidden(cell):
    """With a ceiling of its apical potential."""
    return cell.vary(
        parts={
            "apical": """
                v_A = v_most*tanh((v_TD + v_PI)/v_most)               : 1  # apical potential
                v_TD                                                  : 1  # from the layer above
                v_PI                                                  : 1  # from interneurons
            """
        },
        constants={"v_most": 0.1},
    )

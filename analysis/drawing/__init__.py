"""How any run and any page is drawn: style, axes, pages of HTML."""

"""The rubrics of annex II: what is scored, score sheets, and the stars that follow from them."""

"""How good the search is, on judged queries and on queries made from the register itself."""

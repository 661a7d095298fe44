"""Lets `python -m marketplace` stand for the command `marketplace`."""

from marketplace.cli import main

if __name__ == "__main__":
    main()

"""python -m mailweave: the command line."""

from mailweave.cli import main

if __name__ == "__main__":
    main()

"""`python -m omm` is the same as the `omm` command."""

from omm.cli.app import main

if __name__ == "__main__":
    main()

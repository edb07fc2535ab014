"""`python -m processor` is `cxpulse`: how one of our processes starts another with the same Python."""

from processor.cli import main

if __name__ == "__main__":
    main()

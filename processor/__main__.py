"""`python -m processor` is `cxpulse`: one of our processes starts another by it."""

from processor.cli import main

if __name__ == "__main__":
    main()

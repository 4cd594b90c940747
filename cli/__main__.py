"""``python -m raspc``."""

from raspc.main import main

if __name__ == "__main__":
    main()

"""The command ``unspun``, and ``python -m detector``, which is the same."""

import sys

try:
    from detector.cli import main
except KeyboardInterrupt:  # while it was loaded; once it is, `detector.exits` sees to it
    sys.exit(130)

if __name__ == "__main__":
    main()

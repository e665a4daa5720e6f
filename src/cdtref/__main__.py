"""`python -m cdtref` is the command `cdtref`."""

import sys

from .cli import main

sys.exit(main())

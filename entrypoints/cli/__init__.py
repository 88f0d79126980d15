"""The command line: `taskdeck`."""

from __future__ import annotations

import sys

from .failures import exit_code_of


def main() -> None:
    """Run a command; errors are one line on stderr and an exit code with a meaning."""
    from ...domain.errors import TaskdeckError
    from ...domain.printable import printable
    from .root import taskdeck

    try:
        taskdeck(prog_name="taskdeck")
    except TaskdeckError as error:
        print(f"taskdeck: {printable(error.message, lines=True)}", file=sys.stderr)  # noqa: T201
        sys.exit(exit_code_of(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)

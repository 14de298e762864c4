"""The command `kg`, and `python -m kg`."""

import atexit
import gc


def main() -> None:
    """Runs the command line."""
    # Looking for garbage in what is loaded to stay took 40 of 550 ms; most of what a run lets go is in no cycle.
    gc.set_threshold(200_000)
    atexit.register(gc.freeze)  # what is left at the end goes with the process; looking through it took another 40
    from kg.cli import main as command_line  # noqa: PLC0415 - loading it is what makes the objects

    command_line()


if __name__ == "__main__":
    main()

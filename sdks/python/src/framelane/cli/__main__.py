"""`python -m framelane.cli`, where the command is not on the path."""

from framelane.cli.app import main

main()

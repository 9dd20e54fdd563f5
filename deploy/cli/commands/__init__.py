"""One module a command: its `add_parser(subparsers)` describes it and names the function that does it."""

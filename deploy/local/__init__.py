"""Private servers and processes on this machine: what the demo and the tests run on."""

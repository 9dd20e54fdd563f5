"""The command line behind `./renkei`."""

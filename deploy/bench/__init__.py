"""What `./renkei bench` measures, and how."""

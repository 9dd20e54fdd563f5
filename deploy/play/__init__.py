"""Playing a scenario: people's commands day by day through the nodes' own interfaces, with what must then hold."""

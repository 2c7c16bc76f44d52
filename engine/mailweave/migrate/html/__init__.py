"""The HTML of an e-mail, cut into a layout and blocks whose words are inputs."""

"""Where the world comes in: sockets, HTTP, command line, and the container that wires it all."""

"""What the domain needs of the world: one small Protocol each, with the promise every adapter keeps."""

"""Language models: an OpenAI-compatible server, a model file on this machine, a callable, or one that a plugin brings."""

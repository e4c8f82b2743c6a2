"""An archive for language models that use tools, over the Model Context Protocol. It needs the extra `mcp`."""

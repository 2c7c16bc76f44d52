"""CSS inlining, judged by a browser: documents, an oracle, and what must hold."""

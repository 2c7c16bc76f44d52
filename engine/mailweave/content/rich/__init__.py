"""Rich text: a small part of Markdown in the inputs of blocks, made markup when a campaign is compiled."""

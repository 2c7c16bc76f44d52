"""An e-mail in MJML, cut into a layout and blocks that stay MJML."""

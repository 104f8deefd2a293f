"""Mail content: MJML and HTML to a compiled template once a version, merge tags filled in once a recipient."""

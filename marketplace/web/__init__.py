"""What all doors share: guards, kept pages, languages, security headers, refusals shown to people."""

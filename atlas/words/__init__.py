"""Every word the page, the site and the figures say, one file a language."""

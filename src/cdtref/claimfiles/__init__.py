"""Claims as software sends them: what kind of file it is, and its lines, before they are judged."""

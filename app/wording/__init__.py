"""Values to sentences: the only place where answers become English."""

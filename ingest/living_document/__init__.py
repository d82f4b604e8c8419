"""A checklist that is written from evidence and read again: what is the machine's in it, what is a person's."""

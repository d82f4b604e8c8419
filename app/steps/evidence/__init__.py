"""Evidence in and out: init, pull, record, read, export, doctor."""

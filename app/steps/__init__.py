"""One file per verb: the only folder that joins ingest and models. Steps return answers and print nothing."""

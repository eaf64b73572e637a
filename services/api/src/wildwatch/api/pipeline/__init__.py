"""Is the pipeline itself well: streams, the writer, dead letters, the database; and the verdict."""

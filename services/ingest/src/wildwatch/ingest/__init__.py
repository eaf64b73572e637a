"""Takes batches of events over HTTP and stores them in JetStream before it answers."""

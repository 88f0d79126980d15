"""One PostgreSQL database shared by any number of replicas."""

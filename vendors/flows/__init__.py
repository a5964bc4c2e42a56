"""The register's own paths: shipped files in, two records into one, a file onto the disk."""

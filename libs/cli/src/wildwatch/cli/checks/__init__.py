"""What `wildwatch doctor` looks at, one module a part; each check says what to do when it is not well."""

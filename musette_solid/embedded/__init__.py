"""A Community Solid Server run as a child process, for `musette run` and for the tests; and accounts on it."""

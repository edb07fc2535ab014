"""The wallboard page in a real browser, against a server that says what the test wants said."""

"""The library's own tests, measured by mutation: `make mutants`.

Each mutant is one small change of the code that a test should notice. `mutating` makes them,
`running` tries each against the tests that reach its line, and `__main__` compares what survived
with `survivors.toml`, where each survivor has its reason.
"""

"""What travels between Wildwatch's programs: subjects, streams and messages.

Everything here is data and pure functions on msgspec alone, so that the agent and
other tools can depend on it without pulling in a service. JSON Schema, examples and
the AsyncAPI page are generated from these Structs (`python -m wildwatch.contracts`).
"""

"""Social rights, explained: schemes are data, arithmetic is named methods, every conclusion carries its steps.

Nothing here is official: every conclusion is a simulation that binds nobody.
"""

"""The networks, in NumPy alone: no clock, no file, no terminal, no global randomness.

Inside the engine every array over time is laid out (time, features, batch), so that a block of features is
contiguous memory.  Sizes are ``T B I H O``: time, batch, input, hidden, output.
"""

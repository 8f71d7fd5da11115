"""The networks in plain NumPy: no clock, no file, no terminal, no global random state.

In the engine every array over time has the layout (time, features, batch), so that a block of features is contiguous
in memory.  Sizes are ``T B I H O``: time, batch, input, hidden, output.
"""

ARITHMETIC = 3  # raise it with every change of the order or kind of operations: training then has other last bits

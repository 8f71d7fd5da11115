"""The nets and losses as a few lines of NumPy each, for scripts that stand alone.

Arrays over time are (T, B, features), so that sequences are rows and W x_t is ``x_t @ W.T``.  In a template ``$H`` is a
number and ``$f`` the activation of z.
"""

from string import Template

RNN = Template('''\
def f(z):
    return $f


def forward(x):
    """x (T, B, I) -> h (T, B, H), y (T, B, O)"""
    h_t, h = np.zeros((x.shape[1], $H), W_hh.dtype), []
    for x_t in x:
        # h_t = f(W_hh h_{t-1} + W_xh x_t + b_h)
        h_t = f(h_t @ W_hh.T + x_t @ W_xh.T + b_h)  # (B, H)
        h.append(h_t)
    h = np.stack(h)
    # y_t = W_hy h_t + b_y
    return h, h @ W_hy.T + b_y
''')

GRU = Template('''\
def sigmoid(z):
    return 0.5 * (np.tanh(0.5 * z) + 1)  # cannot overflow


def forward(x):
    """x (T, B, I) -> h (T, B, H), y (T, B, O)"""
    h_t, h = np.zeros((x.shape[1], $H), W_hn.dtype), []
    for x_t in x:
        # r_t = sigmoid(W_hr h_{t-1} + W_xr x_t + b_r), likewise z_t
        r_t = sigmoid(h_t @ W_hr.T + x_t @ W_xr.T + b_r)  # (B, H)
        z_t = sigmoid(h_t @ W_hz.T + x_t @ W_xz.T + b_z)
        # n_t = tanh(W_xn x_t + b_xn + r_t * (W_hn h_{t-1} + b_hn))
        n_t = np.tanh(x_t @ W_xn.T + b_xn + r_t * (h_t @ W_hn.T + b_hn))
        # h_t = (1 - z_t) * n_t + z_t * h_{t-1}
        h_t = (1 - z_t) * n_t + z_t * h_t
        h.append(h_t)
    h = np.stack(h)
    # y_t = W_hy h_t + b_y
    return h, h @ W_hy.T + b_y
''')

LSTM = Template('''\
def sigmoid(z):
    return 0.5 * (np.tanh(0.5 * z) + 1)  # cannot overflow


def forward(x):
    """x (T, B, I) -> h (T, B, H), y (T, B, O)"""
    h_t = c_t = np.zeros((x.shape[1], $H), W_hg.dtype)
    h = []
    for x_t in x:
        # i_t = sigmoid(W_hi h_{t-1} + W_xi x_t + b_i), likewise f_t and o_t
        i_t = sigmoid(h_t @ W_hi.T + x_t @ W_xi.T + b_i)  # (B, H)
        f_t = sigmoid(h_t @ W_hf.T + x_t @ W_xf.T + b_f)
        o_t = sigmoid(h_t @ W_ho.T + x_t @ W_xo.T + b_o)
        # g_t = tanh(W_hg h_{t-1} + W_xg x_t + b_g)
        g_t = np.tanh(h_t @ W_hg.T + x_t @ W_xg.T + b_g)
        # c_t = f_t * c_{t-1} + i_t * g_t, h_t = o_t * tanh(c_t)
        c_t = f_t * c_t + i_t * g_t
        h_t = o_t * np.tanh(c_t)
        h.append(h_t)
    h = np.stack(h)
    # y_t = W_hy h_t + b_y
    return h, h @ W_hy.T + b_y
''')

FEED_FORWARD = Template('''\
def f(z):
    return $f


def forward(x):
    """x (T, B, I) -> h (T, B, H), y (T, B, O)"""
    # h_t = f(W_xh x_t + b_h), at all time steps at once
    h = f(x @ W_xh.T + b_h)  # (T, B, H)
    # y_t = W_hy h_t + b_y
    return h, h @ W_hy.T + b_y
''')

WINDOW = Template('''\
def f(z):
    return $f


def forward(x):
    """x (T, B, I) -> h (T, B, H), y (T, B, O)"""
    # before the start of the sequences x is zero
    before = np.zeros(($before, *x.shape[1:]), x.dtype)
    past = np.concatenate([before, x])  # ($before + T, B, I)
    # h_t = f(W_xh [x_t; x_{t-1}; ...] + b_h), at all time steps at once
    lagged = [past[$before - lag : len(past) - lag] for lag in range($K)]
    h = f(np.concatenate(lagged, axis=-1) @ W_xh.T + b_h)  # (T, B, H)
    # y_t = W_hy h_t + b_y
    return h, h @ W_hy.T + b_y
''')

ACTIVATIONS = {
    "tanh": "np.tanh(z)",
    "relu": "np.maximum(z, 0)",
    "sigmoid": "0.5 * (np.tanh(0.5 * z) + 1)  # 1 / (1 + e^-z), cannot overflow",
    "identity": "z",
    "leaky_relu": "np.maximum(0.01 * z, z)",
    "softplus": "np.logaddexp(0, z)  # ln(1 + e^z)",
}

LOSSES = {
    "cross-entropy": '''\
def loss(y, target, mask):
    """Cross-entropy: y (T, B, O), target (T, B) whole numbers, mask (T, B) booleans"""
    # ln sum_o e^{y_o} - y_target, where the greatest y_o is taken out of the sum
    top = y.max(axis=-1)  # (T, B)
    each = np.log(np.exp(y - top[..., None]).sum(axis=-1)) + top
    each -= np.take_along_axis(y, target[..., None], axis=-1)[..., 0]
    return each[mask].mean()
''',
    "binary cross-entropy": '''\
def loss(y, target, mask):
    """Binary cross-entropy: y and target (T, B, O), mask (T, B) booleans"""
    # the mean over o of ln(1 + e^{y_o}) - target_o y_o
    each = (np.logaddexp(0, y) - target * y).mean(axis=-1)  # (T, B)
    return each[mask].mean()
''',
    "mean squared error": '''\
def loss(y, target, mask):
    """Mean squared error: y and target (T, B, O), mask (T, B) booleans"""
    each = ((y - target) ** 2).mean(axis=-1)  # (T, B)
    return each[mask].mean()
''',
}


def net(kind: str, window: int = 1) -> Template:
    """``forward(x)`` for one kind of lane."""
    if kind == "fnn":
        return WINDOW if window > 1 else FEED_FORWARD
    return {"rnn": RNN, "gru": GRU, "lstm": LSTM}[kind]

"""The words of the lab, each explained in plain language; docs/glossary.md has the same text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MARKS = re.compile(r" See \[[^]]+\]\([^)]*\)\.|[*`]")  # what the screen omits: links to other pages, and emphasis
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Term:
    """One word of the glossary.

    Attributes:
        name: the word, and other names of the same, separated by commas.
        says: one or more sentences, in Markdown; links are sentences of their own.
        brief: a short explanation for a line under a panel; empty: none.
        formula: its definition as a formula, or empty.
        panels: names of the panels that show it.
    """

    name: str
    says: str
    brief: str = ""
    formula: str = ""
    panels: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """The explanation without marks."""
        return MARKS.sub("", self.says)

    @property
    def markdown(self) -> str:
        """The paragraph of the term in docs/glossary.md, on one line."""
        first, _, others = self.name.partition(", ")
        names = f"**{first}**" + (f", {others}" if others else "")
        return f"{names}: {self.says}" + (f" Formula: {self.formula}" if self.formula else "")

    def has(self, words: Iterable[str]) -> bool:
        """Return whether the term contains words that begin with each of these."""
        own = WORD.findall(f"{self.name} {self.plain} {self.formula}".casefold())
        return all(any(each.startswith(word) for each in own) for word in words)


TERMS = (
    Term(
        "above it",
        "the distance of a lane's held-out loss from its floor. Near 0, the net is as good as any predictor with "
        "its inputs can be.",
        brief="loss − floor",
        formula="above it = loss − floor",
        panels=("comparison",),
    ),
    Term(
        "accuracy",
        "the share of scored time steps whose answer is right. It exists for bits and symbols. For numbers see *R²*.",
        brief="share of right answers",
        formula="right / scored",
        panels=("comparison", "sequence"),
    ),
    Term(
        "activation function, activation, f",
        "the function f in h_t = f(W_hh h_{t-1} + W_xh x_t + b_h). An RNN and an FNN can have tanh, relu, "
        "sigmoid, identity, leaky_relu or softplus.",
        panels=("controls", "equation"),
    ),
    Term(
        "batch, batch size",
        "B sequences of T time steps that are used together in one step. Each step has its own batch, and all "
        "lanes get the same batches.",
        panels=("controls",),
    ),
    Term(
        "BPTT, backpropagation through time",
        "the method that computes the gradient of a recurrent net. It goes through the sequence from the last "
        "time step to the first and adds up ∂L/∂θ. See also *truncation*.",
        formula="∂L/∂θ = Σ_t ∂z_t/∂θ · ∂L/∂z_t",
        panels=("controls",),
    ),
    Term(
        "cell",
        "the equations that make h_t from h_{t-1} and x_t. The program has three: RNN (Elman's net), GRU and LSTM.",
        panels=("controls", "equation"),
    ),
    Term(
        "cell state, c",
        "the second state of an LSTM. The forget gate decides how much of it stays, so it can hold a value for a "
        "long time.",
        formula="c_t = f_t c_{t-1} + i_t g_t",
        panels=("hidden_state", "equation"),
    ),
    Term(
        "clipping, clip, clip norm",
        "if the norm of the whole gradient is above `clip_norm`, the gradient is multiplied by `clip_norm` / "
        "norm. This limits the size of an update when gradients explode.",
        formula="g · min(1, clip / ‖g‖)",
        panels=("controls", "loss"),
    ),
    Term(
        "cursor",
        "the current time step and hidden unit. The arrow keys move it through the sequence, the heat map and the "
        "equation.",
        panels=("sequence", "hidden_state", "equation"),
    ),
    Term(
        "dead unit, dead units",
        "a hidden unit with the activation ReLU that is 0 at every time step. No gradient passes through it, so it "
        "never learns again.",
    ),
    Term(
        "diverged",
        "a lane has diverged if its loss, its gradient or its parameters are no longer finite. All lanes then "
        "stop at the step before.",
        panels=("loss",),
    ),
    Term(
        "edit",
        "a change of settings at a step. Edits belong to the history of a run; they are replayed, saved and "
        "undone with it.",
        panels=("loss", "controls"),
    ),
    Term(
        "eigenvalues, λ",
        "the factors by which a matrix stretches its own directions. A direction of the hidden state whose |λ| is "
        "below 1 fades, one above 1 grows.",
        panels=("dynamics",),
    ),
    Term(
        "exploding gradient",
        "a gradient that grows with every time step on its way back, because each step multiplies it by a large "
        "matrix. An update is then far too large, and the net diverges. See *clipping*.",
        panels=("loss",),
    ),
    Term(
        "feed-forward net, FNN",
        "a net without memory. At each time step it sees only its *window*. It has one hidden layer. FNN(4) is an "
        "FNN with a window of 4.",
        panels=("comparison", "controls"),
    ),
    Term(
        "finding, findings",
        "what is wrong with a net or limits it, found by a rule with a threshold: the evidence, the reason, and a "
        "remedy to try beside the old curve. See [Findings](findings.md).",
    ),
    Term(
        "fixed point",
        "a state that the net keeps while its input stays the same. A stable one attracts the states near it, and "
        "can hold a memory.",
        brief="a state that stays as it is",
        formula="F(h) = h",
        panels=("dynamics",),
    ),
    Term(
        "floor",
        "the lowest loss that any predictor with a given window can reach on a task. A net with this window "
        "cannot get below it, except by chance in the sample. A floor marked ≈ is an estimate, and a net can get "
        "below it. See [Tasks and floors](tasks-and-floors.md).",
        brief="lowest loss with these inputs",
        panels=("comparison", "loss"),
    ),
    Term(
        "fork",
        "to keep the later steps as a dimmed curve when you change a setting in the past and continue.",
        panels=("loss",),
    ),
    Term(
        "frame",
        "everything that the screen shows at one moment, computed once and then never changed. All panels read "
        "the same frame. It holds only what the visible panels need.",
    ),
    Term(
        "free-running forecast",
        "a forecast in which the net reads its own answers as inputs.",
        brief="the net reads its own answers",
        panels=("sequence",),
    ),
    Term(
        "further seeds, seeds",
        "runs of the same settings with other seeds, which the lab trains beside it in other processes. They have the "
        "same edits at the same steps and go up to the same step. If a net solves a task with all of them, that is not "
        "luck. See also *median, quartiles*.",
        brief="the same run with other seeds",
        panels=("loss", "comparison"),
    ),
    Term(
        "gain",
        "a factor of W_hh (of all recurrent matrices) at the start. With an orthogonal W_hh and gain 1, a linear "
        "net keeps the length of its hidden state.",
        formula="W_hh at step 0 = gain · (matrix of the initializer)",
        panels=("controls",),
    ),
    Term(
        "gate",
        "a part of a GRU (r, z) or an LSTM (i, f, o) with values between 0 and 1. It decides how much of a value "
        "passes. The names are those of PyTorch.",
        panels=("hidden_state", "equation"),
    ),
    Term(
        "gradient norm",
        "the length of the gradient of all parameters of a lane, before clipping.",
        formula="‖g‖ = √(Σ g²)",
        panels=("loss",),
    ),
    Term(
        "held-out sequences",
        "sequences that the nets are never trained on. They come from another random stream, or from the last 20% "
        "of a file. The comparison panel measures all its numbers on them.",
        brief="never trained on",
        panels=("comparison", "sequence", "loss"),
    ),
    Term(
        "hidden layer",
        "the H numbers that a feed-forward net computes from its window. It passes nothing on to the next time step.",
        panels=("hidden_state",),
    ),
    Term(
        "hidden state, h_t",
        "the H numbers that a recurrent net passes from one time step to the next. At the start of a sequence it "
        "is zero, unless the batch continues the sequence of the last one. An LSTM also has a *cell state*, c_t. "
        "An FNN has a *hidden layer*, which passes nothing on.",
        brief="what the net passes to the next t",
        formula="h_t = f(W_hh h_{t-1} + W_xh x_t + b_h)",
        panels=("hidden_state", "equation"),
    ),
    Term(
        "hidden unit, hidden units",
        "one of the H numbers of the hidden state. It is *saturated* if its absolute value is above 0.95.",
        brief="one number of h_t",
        panels=("hidden_state", "equation", "controls"),
    ),
    Term(
        "horizon",
        "the first lag at which less than 1% of the gradient is left. Nets learn slowly from inputs further back.",
        brief="first lag with less than 1% of the gradient",
        panels=("gradient",),
    ),
    Term(
        "initializer, init",
        "the rule that draws the first W_hh: uniform, glorot, orthogonal, identity or gaussian.",
        panels=("controls",),
    ),
    Term(
        "intervention, what if",
        "something done to a net or to its input that is not learning: a unit is silenced, the recurrence is cut, an "
        "input is changed. As *what if* it only changes what is shown, beside the nets as they are. Applied, it stays "
        "in the net, and training goes on with it.",
        brief="done to a net, not learned",
        panels=("sequence", "hidden_state", "comparison"),
    ),
    Term(
        "IRNN",
        "an RNN with relu units whose W_hh starts as the identity (Le et al. 2015).",
    ),
    Term(
        "Jacobian",
        "the matrix that tells how a small change of h_{t-1} changes h_t. The gradient is multiplied by it at "
        "every time step on its way back.",
        formula="J_t = ∂h_t/∂h_{t-1}",
        panels=("dynamics",),
    ),
    Term(
        "keyframe",
        "a saved training state. To go to any other step, the lab loads the keyframe before it and replays the "
        "updates between them. ┴ marks keyframes on the bar under the loss chart.",
        panels=("loss",),
    ),
    Term(
        "lag, k",
        "a number of time steps back: at lag 3, the input or the state three time steps ago.",
        brief="time steps back",
        panels=("memory", "gradient", "dynamics"),
    ),
    Term(
        "lane",
        "one net with its settings, parameters and curve. A preset has one to four lanes. In a preset and in "
        "`--set` they are counted from 0.",
        brief="one net",
        panels=("controls", "comparison", "hidden_state"),
    ),
    Term(
        "learning rate, lr, η",
        "the size of an update: the gradient, changed by the optimizer, is multiplied by it. If it is too large, "
        "the loss jumps or diverges; if it is too small, learning takes long.",
        formula="SGD: θ ← θ − η g",
        panels=("controls",),
    ),
    Term(
        "loss",
        "what training makes smaller: the cross-entropy in nats for bits and symbols, or the mean squared error "
        "for numbers, as a mean over the scored time steps.",
        brief="mean error, lower is better",
        formula="L = −(1/N) Σ log p(target), or L = (1/N) Σ (y − target)²",
        panels=("loss", "comparison"),
    ),
    Term(
        "loss at t, by role",
        "the held-out loss at each time step, or at each role that a time step plays in the task. It shows where "
        "a net errs; the mean alone hides it.",
        brief="loss at each time step",
        panels=("comparison",),
    ),
    Term(
        "MAE, mean absolute error",
        "see *RMSE*.",
        panels=("comparison",),
    ),
    Term(
        "mask",
        "tells which time steps are scored.",
        panels=("sequence",),
    ),
    Term(
        "median, quartiles",
        "of the held-out losses with further seeds: half of the seeds are below the median, a quarter is below the "
        "lower quartile, and a quarter is above the upper one. A seed that diverged counts as the highest.",
        panels=("loss", "comparison"),
    ),
    Term(
        "memory capacity, capacity",
        "the sum of R² over all lags: how many past inputs a linear readout finds in the hidden state. It is at "
        "most the number of units.",
        brief="how many past inputs h_t knows",
        formula="capacity = Σ_k R²_k",
        panels=("memory",),
    ),
    Term(
        "nat, nats",
        "the unit of cross-entropy with natural logarithms. Guessing a random bit costs ln 2 = 0.693 nats.",
        brief="a coin flip costs 0.693",
        formula="1 nat = 1.443 bits",
        panels=("loss", "comparison"),
    ),
    Term(
        "NRMSE",
        "the square root of the mean squared error, divided by the standard deviation of the targets. 0 is "
        "perfect, and always answering the mean gives 1.",
        brief="0 is perfect",
        formula="NRMSE = √(MSE / variance)",
        panels=("comparison",),
    ),
    Term(
        "optimizer",
        "the rule that turns the gradient into a change of the parameters: sgd, momentum, rmsprop or adam.",
        panels=("controls",),
    ),
    Term(
        "overfitting",
        "memorizing the training data: the training loss still falls, but the held-out loss rises.",
        panels=("loss", "comparison"),
    ),
    Term(
        "P(1)",
        "the probability that the net gives to a 1. The answer counts as right if P(1) is on the side of the target.",
        brief="probability of a 1",
        formula="P(1) = σ(y)",
        panels=("equation", "sequence"),
    ),
    Term(
        "parameters, weights, θ",
        "all numbers of a net that training changes: weights and biases.",
        brief="trained numbers",
        panels=("comparison", "controls"),
    ),
    Term(
        "persistence",
        "a forecast that repeats the last value. A net that forecasts is useful only if it is better.",
    ),
    Term(
        "phase, role",
        "the part that a time step plays in a task, such as a blank or a symbol of `copy`. Losses can be split by it.",
        panels=("comparison", "sequence"),
    ),
    Term(
        "pieces",
        "the number of batches through which one sequence continues. The hidden state is carried from piece to "
        "piece; the gradient is not.",
        panels=("controls",),
    ),
    Term(
        "preset",
        "a TOML file with one experiment: a task, the settings of the training, and the lanes. See "
        "[Presets](presets.md).",
    ),
    Term(
        "probe",
        "the held-out sequence on the screen. The sequence panel, the heat map and the equation show it.",
        brief="the sequence on the screen, not trained on",
        panels=("sequence", "hidden_state", "equation"),
    ),
    Term(
        "reference",
        "the loss of a predictor without a net. *Chance* guesses, *unigram* knows how often each symbol occurs, "
        "*bigram* also knows the symbol before, *persistence* answers the last value again, and the *linear "
        "predictor* weighs the last values. The loss chart shows references as gray lines with names.",
        brief="predictors without a net",
        panels=("loss", "comparison"),
    ),
    Term(
        "replay",
        "to compute steps again that were computed before. The result has the same bits.",
        panels=("loss",),
    ),
    Term(
        "right",
        "a bit or a symbol is right if it is the likeliest answer. A number counts as right if it is within a "
        "quarter of the standard deviation of the targets.",
        panels=("sequence", "comparison"),
    ),
    Term(
        "RMSE",
        "the square root of the mean squared error. RMSE and MAE are given in the unit of the column.",
        formula="RMSE = √MSE",
        panels=("comparison",),
    ),
    Term(
        "run",
        "a preset together with everything that training made of it: parameters, history, edits and kept curves. "
        "A run can be saved as one `.safetensors` file. See [Time and runs](time-and-runs.md).",
    ),
    Term(
        "R²",
        "1 is perfect, and always answering the mean gives 0.",
        brief="1 is perfect, the mean gives 0",
        formula="R² = 1 − MSE / variance of the targets",
        panels=("comparison", "memory"),
    ),
    Term(
        "saturation",
        "a unit is saturated if its value is near the limits of tanh or σ. The slope there is almost 0, so the "
        "gradient hardly passes it.",
        panels=("hidden_state",),
    ),
    Term(
        "schedule",
        "the rule that lowers the learning rate: constant, step or cosine.",
        panels=("controls",),
    ),
    Term(
        "scored time step",
        "a time step whose answer counts in the loss.",
        brief="its answer counts in the loss",
        panels=("sequence",),
    ),
    Term(
        "seed",
        "the number from which the initial weights, the batches and the held-out sequences are drawn.",
        panels=("controls",),
    ),
    Term(
        "sequence, sequence length",
        "the inputs and targets of T consecutive time steps. With `batches_per_sequence` above 1 a sequence "
        "continues through several batches, and the hidden state is carried over.",
        panels=("sequence", "controls"),
    ),
    Term(
        "slow motion",
        "one update shown place by place: forward pass, loss, backward pass, clipping, change of the weights.",
    ),
    Term(
        "solved",
        "a net has solved a task if its held-out loss is almost at the lowest that is possible with all inputs, or if "
        "all its answers are right. This is undefined if that loss is not known exactly.",
        brief="at the lowest possible loss",
        panels=("comparison",),
    ),
    Term(
        "step",
        "one update of the parameters of all lanes. Step 0 is before the first update.",
        brief="one update of all lanes",
        panels=("loss",),
    ),
    Term(
        "task",
        "the maker of sequences and targets. It knows its floors and references. See [Tasks and "
        "floors](tasks-and-floors.md).",
    ),
    Term(
        "temperature, writes at",
        "how random the text is that nets write. 0 always takes the likeliest symbol. There is also a task of "
        "this name, about the weather.",
        formula="p = softmax(y / temperature)",
        panels=("controls", "comparison"),
    ),
    Term(
        "time step, t",
        "one position of a sequence, counted from 0. Not to be confused with *step*.",
        brief="a position in the sequence",
        panels=("sequence", "hidden_state", "equation"),
    ),
    Term(
        "truncation",
        "the BPTT depth of a lane. The gradient is cut every so many time steps; 0 means never. The hidden state "
        "is not cut.",
        panels=("controls",),
    ),
    Term(
        "vanishing gradient",
        "a gradient that shrinks with every time step on its way back, because each step multiplies it by a small "
        "slope and matrix. The net then cannot learn what depends on inputs long ago.",
        panels=("hidden_state", "loss", "gradient"),
    ),
    Term(
        "weight decay, decay",
        "at each step the weights are pulled a little toward 0, which keeps them small.",
        formula="g ← g + decay · θ",
        panels=("controls",),
    ),
    Term(
        "window",
        "the number of inputs that a feed-forward net sees at a time step, including the current one. Before the "
        "start of a sequence the inputs are zero, unless the batch continues the sequence of the last one.",
        brief="inputs that an FNN sees at once",
        panels=("controls", "comparison"),
    ),
    Term(
        "z",
        "the sum of weighted inputs of a unit, before the activation function.",
        brief="the sum before f",
        formula="z = W_hh h_{t-1} + W_xh x_t + b_h",
        panels=("equation",),
    ),
)

# The words that a panel explains in one line while it has the focus, the most important one first.
BRIEFS = {
    "sequence": ("probe", "scored time step", "held-out sequences", "accuracy"),
    "hidden_state": ("hidden state", "hidden unit", "t"),
    "loss": ("step", "floor", "nats", "reference"),
    "comparison": ("floor", "above it", "weights", "loss at t", "nats", "R²"),
    "equation": ("z", "P(1)"),
    "memory": ("lag", "R²", "capacity"),
    "gradient": ("lag", "horizon"),
    "dynamics": ("fixed point",),
}


def terms(panel: str = "", words: str = "") -> list[Term]:
    """Return the terms that contain all words: those of the panel first, then those whose names contain the words."""
    wanted = WORD.findall(words.casefold())
    found = [term for term in TERMS if term.has(wanted)]
    return sorted(found, key=lambda term: (panel not in term.panels, not _named(term, wanted)))


def named(word: str) -> Term | None:
    """Return the term with this name, or None."""
    return next((term for term in TERMS if word.casefold() in term.name.casefold().split(", ")), None)


def briefs(panel: str) -> list[str]:
    """Return short explanations of the most important words on a panel, for a line under it."""
    return [f"{word}: {term.brief}" for word in BRIEFS.get(panel, ()) if (term := named(word))]


def _named(term: Term, words: list[str]) -> bool:
    names = WORD.findall(term.name.casefold())
    return all(any(name.startswith(word) for name in names) for word in words)

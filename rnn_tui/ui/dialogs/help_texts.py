"""What each panel means, for the help: two sentences, a formula, keys of use there, and what else there is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Meaning:
    """``actions``: names of the keys that are of use there; ``mouse``: gestures, with what they do.  In texts, the name
    of a key in braces stands for the key that is in force.
    """

    heading: str
    says: str
    formula: str
    more: str
    actions: tuple[str, ...]
    mouse: tuple[tuple[str, str], ...] = ()


TIME = ("look.earlier", "look.later", "look.first", "look.last")
UNIT = ("look.unit_up", "look.unit_down", "look.lane", "look.state")
READ = ("panel.read_on", "panel.read_back")

PANELS = (
    Meaning(
        "1 controls",
        "The settings of one lane's net and of the training, a row each. Learning rate, schedule, decay, clip, "
        "optimizer and BPTT change on the run; what shapes a net restarts its lane.",
        "SGD: θ ← θ − η g\ng = ∂L/∂θ · min(1, clip / ‖∂L/∂θ‖)",
        "BPTT is the number of time steps after which the gradient is cut. A sequence of several pieces goes on from "
        "batch to batch, with its hidden state.",
        ("controls.up", "controls.down", "controls.previous", "controls.next", "controls.type", "look.lane",
         "net.activation", "net.more", "net.fewer", "net.match", "file.undo"),
    ),
    Meaning(
        "2 sequence",
        "The probe, a sequence nobody trains on: its inputs, the target, and what each lane answers. ✓ right, ✗ wrong, "
        "· not scored; numbers count as right within a quarter of the targets' standard deviation.",
        "y_t = W_hy h_t + b_y",
        "Forecasts of numbers are drawn over the truth; {look.drawing} lets them run free: from the dotted line on "
        "each net reads its own answers.",
        (*TIME, "look.drawing"),
        mouse=(("click", "Go to that time step"),),
    ),
    Meaning(
        "3 hidden state",
        "What one lane remembers: a row a unit, a column a time step, blue negative and orange positive. Before "
        "training, columns light up as you walk through time with {look.later}, each made of the one before and of the "
        "input.",
        "h_t = f(W_hh h_(t-1) + W_xh x_t + b_h)",
        "{look.state} shows the c and the gates of a gated cell.",
        (*TIME, *UNIT),
        mouse=(("click", "Go to that time step and unit"),),
    ),
    Meaning(
        "4 loss",
        "The loss on each step's batch; a dashed line is the lane's floor, the best that any predictor with its window "
        "can reach, a dotted one what a predictor without a net reaches. Below is the way through training: ● is here, "
        "━ past, ─ ahead, ◆ a change of settings, ┴ steps kept at hand.",
        "L = −(1/N) Σ log p(target)\nL = (1/N) Σ (y − target)², of numbers",
        "Dimmed, numbered curves are runs kept for comparison ({run.pin}), or a future that a change in the past has "
        "cut off.",
        ("look.log", "run.jump_back", "run.jump_on", "run.go_to", "look.fewer_steps", "look.more_steps",
         "look.all_steps", "run.pin", "run.unpin"),
        mouse=(("click", "Go to that step; drag goes through training"),
               ("wheel", "Fewer or more steps around the pointer; with shift: earlier or later ones")),
    ),
    Meaning(
        "5 comparison",
        "On held-out sequences: parameters, loss, accuracy or R², floor, the distance above it, and the loss by time "
        "step or by the part that a position plays. ≈ marks a floor that is estimated, which a net may beat.",
        "above = loss − floor\nR² = 1 − MSE / variance",
        "Where symbols are foretold, each net writes some of its own; the row 'writes at' of the controls is their "
        "temperature, 0 always takes the likeliest.",
        ("net.match", "look.describe", *READ),
    ),
    Meaning(
        "6 equation",
        "The sum behind the unit under the cursor, term by term, and the answer it leads to. The largest terms have "
        "their numbers, the others are one; zoom it with {look.zoom} to see every term.",
        "z = Σ_j W_hh[i,j] h_j(t-1) + Σ_k W_xh[i,k] x_k(t) + b_i\nh_i(t) = f(z)",
        "",
        (*TIME, *UNIT, "look.zoom", *READ),
    ),
)  # fmt: skip

"""Pictures of money: the flow matrix of the last month, and the network of payments between sectors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wildsim.engine.api import Run
from wildsim.engine.units import number, scale
from wildsim.reports.style import GREY, figure, heading, say_nothing_to_show
from wildsim.state.accounts import ACCOUNTS, SECTORS

if TYPE_CHECKING:
    import pandas as pd

Values = np.ndarray[Any, Any]
#: Kinds of accounts as the picture names them.
_KINDS = {
    "current": "payments",
    "real": "real",
    "revaluation": "revalued",
    "other": "other",
    "financial": "claims",
}
Place = tuple[float, float]

MONTHS = 12
BEND = 0.22
#: Smallest flow that is drawn, as a share of the largest one.
LEAST = 0.001


def _words(name: str) -> str:
    return name.replace("_", " ")


class Matrix:
    """The flow matrix of the last month of the first seed.

    Attributes:
        accounts: Rows. parties: Columns. net: Received minus paid. inside: Paid within the party.
    """

    def __init__(self, flows: pd.DataFrame):
        """Take the recorded flows of one seed."""
        last = flows[(flows["month"] == flows["month"].max()) & (flows["amount"] != 0)]
        used = set(last["account"])
        self.accounts = [*(name for name in ACCOUNTS if name in used), *sorted(used - set(ACCOUNTS))]
        present = {*last["payer"], *last["payee"]}
        self.parties = [*(name for name in SECTORS if name in present), *sorted(present - set(SECTORS))]
        shape = len(self.accounts), len(self.parties)
        self.net, self.inside = np.zeros(shape), np.zeros(shape)
        for row in last.to_dict("records"):
            at, payer = self.accounts.index(row["account"]), self.parties.index(row["payer"])
            payee = self.parties.index(row["payee"])
            if payer == payee:
                self.inside[at, payer] += row["amount"]
            else:
                self.net[at, payer] -= row["amount"]
                self.net[at, payee] += row["amount"]


def flows(run: Run) -> Figure:
    """Draw the flow matrix as a table: blue receives, red pays; every row sums to zero."""
    matrix = Matrix(run.flows())
    names, net, inside = matrix.accounts, matrix.net, matrix.inside
    made = figure(10.5, 0.5 + 0.27 * (len(names) + 1))
    axes = made.subplots()
    month = f"month {run.months - 1}, seed {run.seeds[0]}, {run.arms[0]}"
    if not names:
        say_nothing_to_show(axes, "no flows were recorded")
        heading(made, f"{run.name}: flow matrix", month)
        return made
    largest = float(max(np.abs(net).max(), np.abs(inside).max()))
    shown = scale("USD", largest / 50)
    _cells(axes, net * shown.factor, inside * shown.factor, largest * shown.factor)
    _frame(axes, names, matrix.parties)
    unit = shown.unit if shown.unit != "USD" else "USD"
    below = (
        f"{month}; {unit}; blue receives, red pays, grey in brackets: paid within the sector; every row sums to zero"
    )
    heading(made, f"{run.name}: who pays whom", below)
    return made


def _cells(axes: Axes, net: Values, inside: Values, largest: float) -> None:
    from matplotlib.colors import LinearSegmentedColormap, PowerNorm

    shades = LinearSegmentedColormap.from_list("pays", ["#FFFFFF", "#7FB2D8"])
    reds = LinearSegmentedColormap.from_list("takes", ["#FFFFFF", "#EBA27A"])
    norm = PowerNorm(0.45, 0, largest)
    digits = 0 if largest >= 1000 else 1 if largest >= 10 else 2
    for (row, column), value in np.ndenumerate(net):
        if value:
            tint = shades(norm(value)) if value > 0 else reds(norm(-value))
            axes.add_patch(_box(column, row, tint))
        text = f"{value:+,.{digits}f}" if value else ""
        if text and float(text.replace(",", "")) == 0:
            text = f"{value:+.1g}" if abs(value) >= 0.001 else "+ little" if value > 0 else "- little"
        if inside[row, column]:
            text = f"{text} ({inside[row, column]:,.{digits}f})".strip()
        axes.text(column, row, text, ha="center", va="center", fontsize=8, color="#222222" if value else GREY)


def _box(column: int, row: int, tint: Any) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((column - 0.48, row - 0.46), 0.96, 0.92, facecolor=tint, linewidth=0)


def _frame(axes: Axes, names: list[str], parties: list[str]) -> None:
    """Label rows and columns; a thin line parts the kinds of accounts."""
    axes.set_xlim(-0.5, len(parties) - 0.5)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.xaxis.tick_top()
    axes.set_xticks(range(len(parties)), [_words(party) for party in parties], fontweight="bold")
    axes.set_yticks(range(len(names)), [_words(name) for name in names])
    axes.tick_params(length=0)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    kinds = [ACCOUNTS[name].kind if name in ACCOUNTS else "" for name in names]
    for row in range(1, len(names)):
        if kinds[row] != kinds[row - 1]:
            axes.axhline(row - 0.5, color="#BBBBBB", linewidth=0.8)
    for kind in dict.fromkeys(kinds):
        rows = [row for row, of in enumerate(kinds) if of == kind]
        if kind:
            look: Any = {"rotation": 270, "ha": "left", "va": "center", "fontsize": 8.5, "color": GREY}
            axes.text(len(parties) - 0.45, (rows[0] + rows[-1]) / 2, _KINDS.get(kind, kind), **look)


def payments(run: Run) -> dict[tuple[str, str], dict[str, float]]:
    """Return payments between sectors by account: the mean of the last 12 months of the first seed."""
    table = run.flows()
    recent = table[table["month"] > table["month"].max() - MONTHS]
    months = recent["month"].nunique() or 1
    found: dict[tuple[str, str], dict[str, float]] = {}
    for (account, payer, payee), amount in recent.groupby(["account", "payer", "payee"])["amount"].sum().items():
        current = account in ACCOUNTS and ACCOUNTS[account].kind == "current"
        if not current or payer == payee or amount == 0:
            continue
        ends = (payer, payee) if amount > 0 else (payee, payer)
        found.setdefault(ends, {})[account] = abs(amount) / months
    return found


def money_network(run: Run) -> Figure:
    """Draw sectors as nodes and payments between them as arrows, as wide as the flow."""
    import networkx as nx

    found = payments(run)
    made = figure(11, 8.2)
    axes = made.subplots()
    axes.set_axis_off()
    below = f"mean of the last {min(MONTHS, run.months)} months, seed {run.seeds[0]}, {run.arms[0]}; "
    heading(made, f"{run.name}: the circuit of money", below + "wider means more; the largest item is named")
    if not found:
        say_nothing_to_show(axes, "no payments were recorded")
        return made
    graph: Any = nx.DiGraph()
    most = max(sum(accounts.values()) for accounts in found.values())
    for (payer, payee), accounts in found.items():
        if sum(accounts.values()) >= LEAST * most:
            item = max(accounts, key=lambda a: accounts[a])
            graph.add_edge(payer, payee, amount=sum(accounts.values()), item=item, most=accounts[item])
    shown = scale("USD", max(amount for *_, amount in graph.edges(data="amount")) / 50)
    _network(axes, graph, shown.factor)
    axes.text(0.99, 0.01, f"{shown.unit} a month", transform=axes.transAxes, ha="right", color=GREY)
    return made


#: Where sectors stand: the private circuit around the middle, the central bank beside it.
_PLACES = {
    "households": (0.0, 0.0),
    "firms": (2.4, 0.0),
    "government": (1.2, 1.6),
    "banks": (1.2, -1.6),
    "central_bank": (3.75, 0.0),
    "abroad": (-0.9, 1.6),
}


def _network(axes: Axes, graph: Any, factor: float) -> None:
    axes.set_aspect("equal")  # or the middle of an arrow is not where its label goes
    axes.set_xlim(-1.35 if "abroad" in graph else -0.6, 4.3)
    axes.set_ylim(-2.05, 2.05)
    most = max(amount for *_, amount in graph.edges(data="amount"))
    for payer, payee, facts in graph.edges(data=True):
        share = facts["most"] / facts["amount"]
        most_of_it = "" if share == 1 else ", most of it" if share > 0.5 else ", the most for"
        text = f"{number(facts['amount'] * factor)}{most_of_it}\n{_words(facts['item'])}"
        _arrow(axes, _PLACES[payer], _PLACES[payee], math.sqrt(facts["amount"] / most), text)
    for sector in graph.nodes:
        x, y = _PLACES[sector]
        axes.plot(x, y, "o", markersize=82, markerfacecolor="white", markeredgecolor="#333333", zorder=5)
        name = _words(sector).replace(" ", "\n")
        axes.text(x, y, name, ha="center", va="center", fontsize=10, fontweight="bold", zorder=6)


def _arrow(axes: Axes, start: Place, end: Place, strength: float, text: str) -> None:
    """Draw an arrow from circle to circle, bent so that the way back has its own, with its label in the middle."""
    from matplotlib.patches import FancyArrowPatch

    width = 0.8 + 13 * strength
    style = f"Simple,tail_width={width},head_width={width + 8},head_length={width * 0.6 + 8}"
    bend = f"arc3,rad={BEND}"
    arrow = FancyArrowPatch(start, end, connectionstyle=bend, arrowstyle=style, shrinkA=42, shrinkB=44)
    arrow.set(color="#56B4E9", alpha=0.55, linewidth=0)
    axes.add_patch(arrow)
    # The middle of such an arc lies half the bend to the side of the straight line.
    (x0, y0), (x1, y1) = start, end
    x, y = (x0 + x1) / 2 + BEND / 2 * (y1 - y0), (y0 + y1) / 2 - BEND / 2 * (x1 - x0)
    box = {"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 1}
    axes.text(x, y, text, ha="center", va="center", fontsize=8.5, linespacing=1.05, zorder=4, bbox=box)

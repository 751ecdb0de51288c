"""AI agents in firms and people paired with them."""

from __future__ import annotations

from wildsim.core.table import F32, F64, I8, I16, I32, NO_ROW, Table, column, decision


class Adopters(Table):
    """What each firm does with AI agents; row i is firm i."""

    name = "adopters"
    row_name = "adopter"
    sector = "adoption"
    alongside = "firms"
    code = 91

    tasks: F64 = column(
        0.0, unit="share of tasks", doc="Tasks handed to AI agents.", source="Acemoglu, Restrepo 2018: I - (N - 1)"
    )
    new_tasks: F64 = column(
        0.0, unit="share of tasks", doc="New tasks for labour that came with AI.", source="Acemoglu, Restrepo 2019"
    )
    served: F64 = column(0.0, unit="share", doc="Part of the AI services needed that was bought last month.")
    running: F64 = column(
        0.0, unit="share of tasks", kind="flow", doc="Tasks that AI agents do this month: tasks x served."
    )
    started: I8 = column(0, unit="0 or 1", kind="flow", doc="1 in the month in which a firm starts to use AI agents.")
    provider: I32 = column(NO_ROW, unit="row", ref="firms", doc="Firm that AI services are bought from.")
    pending: F64 = column(
        0.0, unit="log points", doc="Labour made superfluous by AI that has not left yet, by the manager's own pace."
    )
    spending: F64 = column(
        0.0, unit="USD/month", kind="flow", doc="AI services bought.", source="SNA 2008: intermediate consumption"
    )
    tax: F64 = column(0.0, unit="USD/month", kind="flow", doc="Tax paid on AI services.")
    sales: F64 = column(0.0, unit="USD/month", kind="flow", doc="AI services sold.")


class Pairings(Table):
    """Who works with an AI assistant, who was displaced by AI agents; row i is person i."""

    name = "pairings"
    row_name = "pairing"
    sector = "adoption"
    alongside = "people"
    code = 92

    paired: I8 = column(0, unit="0 or 1", doc="1 while the person works with an AI assistant.")
    gain: F32 = column(
        0.0,
        unit="share",
        doc="Rise in the person's output by the pairing; below 0 outside the frontier; 0 if not paired.",
        source="Brynjolfsson, Li, Raymond 2023; Dell'Acqua et al. 2023",
    )
    employer: I32 = column(NO_ROW, unit="row", ref="firms", doc="Employer of last month.")
    displaced: I16 = column(
        0,
        unit="months",
        doc="Months since the person was dismissed because of AI, from 1; 0 if never or too long ago.",
        source="Definition follows BLS Displaced Worker Survey: position abolished",
    )
    wage_before: F64 = column(
        0.0, unit="mean wages", doc="Wage of the job that was lost to AI, in mean wages of that time."
    )
    training: I16 = column(0, unit="months", doc="Months that the AI course still lasts; 0 outside of it.")
    trained: I8 = column(0, unit="0 or 1", doc="1 for those who have finished an AI course.")


class AdoptionDecisions(Table):
    """What each firm's manager decides about AI agents (role firm_manager)."""

    name = "adoption_decisions"
    row_name = "decision"
    sector = "adoption"
    role = "firm_manager"
    alongside = "firms"
    code = 93

    tasks: F32 = decision(
        0.0,
        unit="share of tasks",
        lower=0.0,
        upper=0.9,
        doc="Tasks wanted done by AI agents; those that AI cannot do stay with people.",
    )

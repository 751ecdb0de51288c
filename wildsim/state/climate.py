"""The climate sector: what firms emit and save, the mix of power, the atmosphere that all share."""

from __future__ import annotations

from wildsim.core.table import F64, I8, U64, Table, column, decision

#: Kinds of power plants, in the order of every list of three: those that burn fossil fuel, renewables, nuclear.
FOSSIL, RENEWABLE, NUCLEAR = 0, 1, 2


class Emitters(Table):
    """One row per firm: its plant as a source of carbon dioxide."""

    name = "emitters"
    row_name = "emitter"
    sector = "climate"
    alongside = "firms"
    code = 81

    known: I8 = column(0, unit="code", doc="1 once the plant's traits have been drawn.")
    intensity: F64 = column(
        1.0, unit="ratio", doc="Carbon a good of this plant relative to the mean of its kind, before abatement."
    )
    abatement: F64 = column(0.0, unit="share", doc="Part of the carbon of fuel burnt on site that is avoided (mu).")
    emissions: F64 = column(
        0.0,
        unit="tCO2/month",
        kind="flow",
        doc="Carbon dioxide of the month: of fuel burnt on site or sold, and of the power used.",
        source="EPA, Inventory of US Greenhouse Gas Emissions: CO2 from fossil fuel combustion",
    )


class EnergyDecisions(Table):
    """What each firm's manager decides about energy (role firm_manager)."""

    name = "energy_decisions"
    row_name = "decision"
    sector = "climate"
    role = "firm_manager"
    alongside = "firms"
    code = 83

    abatement: F64 = decision(
        0.0, unit="share", lower=0.0, upper=1.0, doc="Part of the carbon of fuel burnt on site to avoid this month."
    )


class Atmosphere(Table):
    """One row: power plants, prices of energy and carbon, the society's part in the world's carbon, the temperature."""

    name = "atmosphere"
    row_name = "atmosphere"
    sector = "climate"
    code = 82

    id: U64 = column(0, unit="id", doc="Identity.")

    carbon_per_good: F64 = column(
        0.0, unit="tCO2/good", doc="Carbon of a good at the start, for a plant of mean intensity of a mean kind."
    )
    efficiency: F64 = column(
        1.0, unit="ratio to the start", doc="Energy that a good takes: falls with productivity, later with efficiency."
    )
    mix: F64 = column(
        0.0, unit="share", width=3, doc="Power made by fossil, renewable and nuclear plants.", source="EIA"
    )
    experience: F64 = column(
        1.0, unit="ratio to the start", doc="Renewable power ever made in the world: costs fall with it (Wright)."
    )
    energy_shock: F64 = column(0.0, unit="log points", doc="Shock to the price of energy.")
    energy_price: F64 = column(
        1.0, unit="ratio to the start", doc="Price of energy relative to other goods, carbon tax apart."
    )
    wage: F64 = column(
        1.0, unit="USD/month", doc="Mean wage at month 0 (until then the present one): what real amounts refer to."
    )
    price: F64 = column(1.0, unit="USD/good", doc="Consumer price at month 0 (until then the present one), likewise.")
    carbon_price: F64 = column(
        0.0, unit="USD/tCO2", kind="flow", doc="Carbon tax in force.", source="World Bank carbon pricing dashboard"
    )
    tax_rate: F64 = column(
        0.0, unit="USD of the start/tCO2", kind="flow", doc="Carbon tax in force, in USD of the parameters."
    )
    revenue: F64 = column(0.0, unit="USD/month", kind="flow", doc="Carbon tax received.")

    emissions: F64 = column(
        0.0, unit="tCO2/month", kind="flow", doc="Carbon dioxide of all firms.", source="EPA inventory"
    )
    unabated: F64 = column(
        0.0, unit="tCO2/month", kind="flow", doc="What firms would have emitted with the same power and no abatement."
    )
    norm: F64 = column(
        0.0, unit="tCO2/month", doc="Emissions before month 0, mean of about a year: the society's share of the world."
    )
    world_emissions: F64 = column(
        0.0,
        unit="GtCO2/month",
        kind="flow",
        doc="Carbon dioxide of the whole world: this society, scaled, and the rest; 0 before month 0.",
        source="Global Carbon Project",
    )
    cumulative: F64 = column(0.0, unit="GtCO2", doc="World emissions since month 0.")
    temperature: F64 = column(
        0.0, unit="°C above 1850-1900", doc="Global mean surface temperature.", source="IPCC AR6 WG1"
    )

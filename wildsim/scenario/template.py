"""The scenario that `wildsim new` writes: every default, with a word on each."""

from __future__ import annotations

_TEXT = """\
{schema}# A WildSim scenario. Whatever is left out has the default shown here.

name: {name}
about: What this story is, in a sentence.
seed: {seed}                # first world seed; --seeds 8 runs this one and the next seven
months: {months}            # recorded: months 0 to months-1
burn_in: {burn_in}           # run first, not recorded, until the economy has settled

society:
  country: {country}          # figures to start from: wildsim list parameters
  people: {people}
  regions: {regions}          # each needs 20 people or more

shocks:                # what hits the whole economy, each on or off
{shocks}
sectors:               # social sectors, each on or off; policies of a sector do nothing where it is off
{sectors}
parameters: {{}}         # overrides by dotted name: wildsim list parameters

# Policies in force in every arm of this scenario. For a comparison leave this empty and give each policy as
# an arm of its own: wildsim run {name}.yaml --policy scenarios/policies/NAME.yaml
# Kinds and their fields: wildsim list policies
policies: []
#  - {{kind: unemployment_benefit, from: 24, replacement: 0.6}}
#  - {{kind: vat, from: 24, until: 48, rate: 0.10}}
#  - kind: unemployment_benefit
#    from: 24
#    months: 24
#    where: {{region: {{in: [0, 2]}}, age: [18, 25]}}   # whom: all keys must fit; regions count from 0
# Keys of `where`: {keys}.
# [low, high] is a range with both ends, {{in: [...]}} a set; employed is true or false.

# How indicators are measured; those left out are known without error, a month late: wildsim list sensors
sensors: {{}}
#  unemployment_rate: {{survey: 2000, lag: 1}}
#  gdp_real: {{accounts: {{kind: noise, releases: [{{lag: 1, error: 0.006}}, {{lag: 12, error: 0}}]}}}}

# Who has a mind other than the rules. Roles and what each decides: wildsim list roles; kinds: wildsim list minds.
# With `scripted` no language model is asked; otherwise write litellm's name of one, such as openai/gpt-4o-mini.
minds: []
#  - {{role: firm_manager, count: 20, mind: llm, model: scripted, memory: 6}}
#  - {{role: household_member, share: 0.02, where: {{decile: [1, 3]}}, mind: llm, model: scripted}}
#  - {{role: central_banker, mind: human}}                 # you, at the terminal
# llm: {{concurrency: 64, budget_usd: 5.0, on_budget: stop}}   # limits of the whole run
"""


def scenario_text(name: str, schema: str = "") -> str:
    """Return the commented text of a new scenario called `name`.

    Args:
        name: Its name.
        schema: Path of the JSON schema as seen from the file, for editors; none: no line for it.
    """
    import json

    from wildsim.policies import Where
    from wildsim.scenario.schema import SECTORS, Scenario, Shocks

    default = Scenario()
    quoted = json.dumps(name) if not name.replace("_", "").replace("-", "").isalpha() else name
    if quoted.lower() in ("null", "true", "false"):
        quoted = json.dumps(name)
    shocks = "".join(
        f"  {key}: {str(field.default).lower():<10} # {field.description}\n"
        for key, field in Shocks.model_fields.items()
    )
    return _TEXT.format(
        schema=f"# yaml-language-server: $schema={schema}\n" if schema else "",
        name=quoted,
        seed=default.seed,
        months=default.months,
        burn_in=default.burn_in,
        country=default.society.country,
        people=default.society.people,
        regions=default.society.regions,
        shocks=shocks,
        sectors="".join(f"  {name + ':':<12} false      # {doc}\n" for name, doc in SECTORS.items()),
        keys=", ".join(Where.model_fields),
    )

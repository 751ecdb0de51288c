"""Who pays for a policy: a higher income tax or VAT, bonds, or abroad."""

from __future__ import annotations

from wildsim.state.world import World


def fund(world: World, cost: float, funding: str) -> None:
    """Raise the tax that pays `cost` (USD this month) on last month's base; debt and gifts from abroad need nothing.

    The points that a tax rises by stand beside those of the tax rule, so that `vat` and `income_tax` add to them.
    """
    macro, law = world.tables["macro"], world.law
    if funding == "income_tax":
        base = float(macro.base("income_tax_base")[0])
        law.extra_tax += cost / base if base > 0.0 else 0.0
    elif funding == "vat":
        base = float(macro.base("taxed_sales")[0])
        law.extra_product_tax += cost / base if base > 0.0 else 0.0

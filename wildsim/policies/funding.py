"""Who pays for a policy: a higher income tax or VAT, bonds, or abroad."""

from __future__ import annotations

from wildsim.state.world import World


def fund(world: World, cost: float, funding: str) -> None:
    """Raise the tax that pays `cost` (USD this month) on last month's base; debt and gifts from abroad need nothing.

    Points of income tax come on top of those of the tax rule, points of VAT on top of what `vat` sets. Households plan
    what they spend with the tax, so VAT is reckoned on sales with tax: r / (1 + r) rises by cost / sales.
    """
    macro, law = world.view().macro, world.law
    if funding == "income_tax":
        base = float(macro.income_tax_base[0])
        law.extra_tax += cost / base if base > 0.0 else 0.0
    elif funding == "vat":
        gross = float(macro.price_level[0]) / float(macro.goods_price[0])
        sales = gross * float(macro.taxed_sales[0])
        rate = float(law.start["government.product_tax"])
        part = min(rate / (1.0 + rate) + (cost / sales if sales > 0.0 else 0.0), 0.5)
        law.extra_product_tax += part / (1.0 - part) - rate

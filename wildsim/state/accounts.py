"""The accounts of the flow matrix: what each row is, and what part of GDP it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

#: Columns of the flow matrix.
SECTORS = ("households", "firms", "banks", "government", "central_bank", "abroad")


@dataclass(frozen=True)
class Account:
    """One row of the flow matrix.

    Attributes:
        name: As in flows.parquet. kind: "current" (a payment), "real" (goods that enter or leave a balance sheet),
            "revaluation", "other" (write-offs, estates) or "financial" (claims made or ended).
        role: Part of GDP: "wages", "consumption" (households buy of firms), "housing" (rent, paid or imputed, between
            households), "intermediate" (firms buy of firms what they use up), "investment", "government",
            "government_wages", "product_tax", "production_tax" (levied on firms whatever they sell), "stock_change"
            or "".
    """

    name: str
    kind: str
    doc: str
    role: str = ""


_ACCOUNTS = (
    Account("wages", "current", "Wages paid by firms.", "wages"),
    Account("public_wages", "current", "Wages paid by the government: government consumption.", "government_wages"),
    Account("payroll_tax", "current", "Employers' tax on wages.", "production_tax"),
    Account("income_tax", "current", "Tax on household income."),
    Account("wealth_tax", "current", "Tax on household wealth."),
    Account("corporate_tax", "current", "Tax on profits of firms and banks."),
    Account("product_tax", "current", "Value-added or sales tax, paid over by the sellers.", "product_tax"),
    Account("benefits", "current", "Unemployment benefit and assistance."),
    Account("pensions", "current", "Public pensions."),
    Account("wage_subsidy", "current", "Subsidy on low wages, paid to the household."),
    Account("transfers", "current", "Other transfers to households: basic income, rebates, negative income tax."),
    Account("tuition", "current", "Fees of students, paid to the government."),
    Account("training_allowance", "current", "Allowances of people in training."),
    Account("transfers_from_abroad", "current", "Transfers to households and grants to the government from abroad."),
    Account("consumption", "current", "Goods bought by households, product tax included.", "consumption"),
    Account("rents", "current", "Rents paid by tenants to the owners of their homes.", "housing"),
    Account("imputed_rents", "current", "Rents that owners who live in their own home pay to themselves.", "housing"),
    Account("culture", "current", "Titles of the culture platform bought by households.", "consumption"),
    Account("government_purchases", "current", "Goods bought by the government.", "government"),
    Account("investment", "current", "Machines bought by firms.", "investment"),
    Account("ai_services", "current", "Services of AI agents, bought by firms from AI-service firms.", "intermediate"),
    Account("ai_tax", "current", "Tax on AI services, paid by the firms that buy them.", "production_tax"),
    Account("deposit_interest_households", "current", "Interest on households' deposits."),
    Account("deposit_interest_firms", "current", "Interest on firms' deposits."),
    Account("loan_interest_firms", "current", "Interest on firms' loans."),
    Account("loan_interest_households", "current", "Interest on consumer loans."),
    Account("mortgage_interest", "current", "Interest on mortgages."),
    Account("bond_interest_banks", "current", "Interest on bonds held by banks."),
    Account("bond_interest_central_bank", "current", "Interest on bonds held by the central bank."),
    Account("reserve_interest", "current", "Interest on reserves."),
    Account("advance_interest", "current", "Interest on central-bank advances."),
    Account("central_bank_profit", "current", "Profit of the central bank, paid to the government."),
    Account("firm_dividends", "current", "Dividends of firms."),
    Account("bank_dividends", "current", "Dividends of banks."),
    Account("bail_out", "other", "Capital given to failing banks by the government."),
    Account("founding", "other", "Equity paid in by founders."),
    Account("takeover", "other", "Machines and stocks of failed firms sold to entrants: payment."),
    Account("takeover_goods", "other", "Machines and stocks of failed firms sold to entrants: goods handed over."),
    Account("estate", "other", "What is left of failed firms, to their owners."),
    Account("home_sales", "other", "Homes bought by households of households: payment."),
    Account("migration", "other", "Deposits that migrants bring."),
    Account("theft", "other", "Money taken from victims by property offences."),
    Account("inheritance", "other", "Deposits of households that end, to their heirs."),
    Account("escheat", "other", "Deposits of households that end without heirs, to the government."),
    Account("new_households", "other", "Deposits that people take along to another household."),
    Account("debts_of_households", "financial", "Consumer loans that move to another household with their debtor."),
    Account("scrapping", "real", "Machines and stocks of failed firms that nobody takes over."),
    Account("write_off_firms", "other", "Loans to firms that are lost."),
    Account("write_off_households", "other", "Loans to households that are lost."),
    Account("write_off_mortgages", "other", "Mortgages that the sale of the home did not repay."),
    Account("home_gains", "revaluation", "Change of the market value of homes."),
    Account("production", "real", "Goods put into stock, at production cost.", "stock_change"),
    Account("goods_sold", "real", "Goods taken out of stock, at production cost.", "stock_change"),
    Account("capital_formation", "real", "Machines installed, at purchase price."),
    Account("depreciation", "real", "Wear of machines."),
    Account("lending_firms", "financial", "New loans to firms."),
    Account("lending_households", "financial", "New consumer loans."),
    Account("repayment_firms", "financial", "Loans repaid by firms."),
    Account("repayment_households", "financial", "Consumer loans repaid."),
    Account("lending_homes", "financial", "New mortgages, and interest in arrears added to old ones."),
    Account("repayment_homes", "financial", "Mortgages repaid."),
    Account("refinancing", "financial", "Loans of firms that move to another bank."),
    Account("bonds_issued", "financial", "Bonds sold by the government."),
    Account("bonds_redeemed", "financial", "Bonds bought back by the government."),
    Account("open_market", "financial", "Bonds moved between banks and the central bank."),
    Account("advances_given", "financial", "Central-bank advances given."),
    Account("advances_repaid", "financial", "Central-bank advances repaid."),
    Account("carbon_tax", "current", "Tax on carbon dioxide.", "production_tax"),
    Account("abatement", "current", "Goods that firms use up to emit less.", "intermediate"),
    Account("energy", "current", "What energy costs firms more, or less, than at the start.", "intermediate"),
    Account("endowment", "other", "What everybody owns at the start of burn-in."),
)

ACCOUNTS: dict[str, Account] = {account.name: account for account in _ACCOUNTS}


#: Rows of the flow matrix by role in GDP, as positions in ACCOUNTS.
ROLE_ROWS: dict[str, list[int]] = {
    role: [i for i, account in enumerate(_ACCOUNTS) if account.role == role]
    for role in sorted({account.role for account in _ACCOUNTS} - {""} | {"housing", "intermediate"})
}

"""Consumer credit: debt service, default, new loans, for all households in one pass."""

from __future__ import annotations

from wildsim.core.table import F64, I8, I16, I32, I64
from wildsim.kernels.compiled import kernel


@kernel()
def consumer_credit(
    first: int,
    last: int,
    starts: I64,
    first_member: I32,
    members: I8,
    bank: I16,
    deposits: F64,
    loans: F64,
    permanent_income: F64,
    consumption: F64,
    rate: F64,
    service_limit: F64,
    term: float,
    loan_months: float,
    default_after: int,
    barred_for: int,
    arrears: I8,
    barred: I8,
    interest: F64,
    repaid: F64,
    lost: F64,
    lent: F64,
) -> None:
    """Fill what every household pays, repays, defaults on and borrows, USD.

    Args:
        consumption: USD/month wanted by each person. rate: Annual rate by bank. service_limit: Largest debt service
            as a share of permanent income, by bank. term: Months of repayment.
        loan_months: Debt, in months of permanent income, beyond which nothing is lent.
        arrears, barred: Months, changed in place.
    """
    for h in range(starts[first], starts[last]):
        interest[h] = 0.0
        repaid[h] = 0.0
        lost[h] = 0.0
        lent[h] = 0.0
        if barred[h] > 0:
            barred[h] -= 1
        cost = loans[h] * rate[bank[h]] / 12.0
        part = loans[h] / term
        cash = deposits[h]
        if loans[h] > 0.0:
            if cash >= cost + part:
                interest[h] = cost
                repaid[h] = part
                cash -= cost + part
                arrears[h] = 0
            else:
                arrears[h] += 1
                if arrears[h] >= default_after:
                    lost[h] = loans[h]
                    arrears[h] = 0
                    barred[h] = barred_for
        if barred[h] > 0 or arrears[h] > 0:
            continue
        wanted = 0.0
        for p in range(first_member[h], first_member[h] + members[h]):
            wanted += consumption[p]
        if wanted > cash:
            service = rate[bank[h]] / 12.0 + 1.0 / term
            room = min(loan_months, service_limit[bank[h]] / service) * permanent_income[h]
            lent[h] = max(0.0, min(wanted - cash, room - (loans[h] - repaid[h])))

"""Science: who does research, what they decide, what they have written, and how much of it is in use."""

from __future__ import annotations

from wildsim.core.table import F32, F64, I8, I16, I32, NO_ROW, U64, Table, column, decision

#: Topics stand on a ring: neighbours are close. Their number is technical, as the number of candidates of a choice.
TOPICS = 20


class Scientists(Table):
    """One row per person who does research, beside whatever job and wage the person has in the economy."""

    name = "scientists"
    row_name = "scientist"
    code = 61
    sector = "science"

    id: U64 = column(0, unit="id", doc="Identity: scientist-17 of the start is person-17; later ones a keyed hash.")
    person: I32 = column(NO_ROW, unit="row", ref="people", doc="Who it is; NO_ROW once the person is gone.")
    known: I8 = column(0, unit="0 or 1", doc="1 once the traits below have been drawn.")
    output: F32 = column(
        1.0, unit="ratio", doc="Papers per unit of funds and effort relative to others.", source="Shockley 1957"
    )
    quality: F32 = column(
        1.0,
        unit="ratio",
        doc="Factor on the quality of own papers (Q).",
        source="Sinatra et al. 2016: Q of a scientist",
    )
    topic: I16 = column(0, unit="topic", doc="Place on the ring of topics.")
    months: I16 = column(0, unit="months", doc="Months in research within the society.")
    funding: F32 = column(
        1.0, unit="ratio", doc="Funds of the month; 1 is what a scientist has on average at the norm."
    )
    grant_months: I16 = column(0, unit="months", doc="Months that the present grant still runs.")
    recent: F32 = column(
        0.0, unit="citations/month", doc="Citations received, smoothed over years: the track record that referees see."
    )
    recent_papers: F32 = column(0.0, unit="papers/month", doc="Papers written, smoothed over years.")
    papers: I32 = column(0, unit="papers", doc="Papers written so far.")
    citations: I32 = column(0, unit="citations", doc="Citations of all own papers so far.")
    h: I16 = column(
        0, unit="papers", doc="Largest h with h papers cited h times or more.", source="Hirsch 2005: h-index"
    )


class ScienceDecisions(Table):
    """What each scientist decides for the month (role scientist)."""

    name = "science_decisions"
    row_name = "decision"
    role = "scientist"
    alongside = "scientists"
    code = 63
    sector = "science"

    topic: I16 = decision(0, unit="topic", lower=0, upper=TOPICS - 1, doc="Topic to work on.")
    effort: F32 = decision(
        1.0, unit="share of full time", lower=0.0, upper=1.5, doc="Time for research; proposals cost some of it."
    )
    care: F32 = decision(
        1.0, unit="ratio", lower=0.1, upper=5.0, doc="Work put into each paper relative to what makes most of it."
    )


class Papers(Table):
    """One row per paper that may still be cited, or count for the h-index of its author."""

    name = "papers"
    row_name = "paper"
    code = 62
    sector = "science"

    id: U64 = column(0, unit="id", doc="Identity: a keyed hash of author, month and order.")
    author: I32 = column(NO_ROW, unit="row", ref="scientists", doc="Who wrote it; NO_ROW once that scientist has left.")
    topic: I16 = column(0, unit="topic", doc="Place on the ring of topics.")
    month: I32 = column(0, unit="month", doc="Month of publication.")
    quality: F32 = column(
        1.0, unit="ratio", doc="Fitness of the paper; the mean is 1.", source="Wang, Song, Barabasi 2013: fitness"
    )
    citations: I32 = column(0, unit="citations", doc="Citations so far, by papers of this society.")
    discovery: I8 = column(0, unit="0 or 1", doc="1 if it is a discovery, which production will use one day.")


class Knowledge(Table):
    """One row: what has been discovered and how much of it is in use."""

    name = "knowledge"
    row_name = "knowledge"
    sector = "science"

    posts: F64 = column(0.0, unit="people", doc="Posts for scientists, of all regions.")
    papers: F64 = column(0.0, unit="papers/month", kind="flow", doc="Papers published this month.")
    found: I32 = column(
        -1,
        unit="discoveries/month",
        width=12,
        doc="Discoveries made in each of the last 12 months, the newest last; -1 for months before the start.",
    )
    tested: F64 = column(0.0, unit="months of normal science", doc="Discoveries being tested.")
    developed: F64 = column(0.0, unit="months of normal science", doc="Discoveries being made into products.")
    level: F64 = column(
        0.0, unit="log points", doc="Productivity that science has given beyond what it gives at normal spending."
    )

"""The sources that the core's table names in short, in full."""

from typing import NamedTuple

from processor.core.metric import SCORES
from tests.documents.markdown import table


class Source(NamedTuple):
    """A publication. `short` is how the core's table names it."""

    short: str
    full: str
    url: str


SOURCES = (
    Source(
        "Reichheld 2003",
        'Frederick F. Reichheld, "The One Number You Need to Grow", Harvard Business Review 81'
        " (12), 46-54",
        "https://hbr.org/2003/12/the-one-number-you-need-to-grow",
    ),
    Source(
        "Rocks 2016",
        "Brendan Rocks, \"Interval Estimation for the 'Net Promoter Score'\", The American"
        " Statistician 70 (4), 365-372",
        "https://arxiv.org/abs/1601.07235",
    ),
    Source(
        "Lewis and Sauro 2021",
        'Jim Lewis and Jeff Sauro, "Evaluating NPS Confidence Intervals with Real-World Data",'
        " MeasuringU",
        "https://measuringu.com/nps-three-confidence-intervals/",
    ),
    Source(
        "Wilson 1927",
        'Edwin B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",'
        " Journal of the American Statistical Association 22 (158), 209-212",
        "https://doi.org/10.1080/01621459.1927.10502953",
    ),
    Source(
        "SoGoSurvey",
        "Customer Satisfaction: 4 and 5 of 1 to 5 are satisfied",
        "https://www.sogosurvey.com/help/introduction-to-customer-satisfaction-csat/",
    ),
    Source(
        "kicue", "CSAT is the share of 4 and 5 of 1 to 5; a mean of ratings is another thing", ""
    ),
    Source(
        "QuestionPro",
        "CSAT: 9 and 10 of 1 to 10 are positive; top box and mean side by side",
        "https://www.questionpro.com/help/customer-experience/csat-cx.html",
    ),
    Source(
        "Zonka",
        "Customer Effort Score: 5 to 7 of 1 to 7 are positive; CES 1.0 (2010) and 2.0 (2013)",
        "https://www.zonkafeedback.com/guides/customer-effort-score-guide/"
        "how-to-measure-customer-effort-score",
    ),
    Source("B. Morgan", "Blake Morgan's list of customer-experience metrics", ""),
    Source(
        "Benbria",
        "Question types are reported as the mean of the ratings",
        "https://help.benbria.com/en/articles/3358803-customer-effort-score-ces-question-type",
    ),
    Source("Nicereply", "CES 2.0 is the average of 1 to 7", ""),
    Source(
        "MetricNet",
        "Jeff Rumburg's gross and net first call resolution, in \"First Call Resolution Metrics:"
        ' Gross vs Net FCR", CustomerThink',
        "https://customerthink.com/first_call_resolution_metrics_gross_vs_net_fcr/",
    ),
    Source(
        "Medallia",
        "Agent Connect, Scores: First Contact Resolution",
        "https://docs.medallia.com/en/agent-connect/reports-and-dashboards/scores",
    ),
    Source(
        "callcentrehelper.com",
        "First call resolution: the same customer and issue within 7 days",
        "https://www.callcentrehelper.com/first-call-contact-resolution-fcr-208926.htm",
    ),
    Source(
        "Amazon Connect",
        "Administrator Guide: metric definitions",
        "https://docs.aws.amazon.com/connect/latest/adminguide/metrics-definitions.html",
    ),
    Source(
        "Genesys Cloud",
        "Resource Center: metric definitions",
        "https://help.mypurecloud.com",
    ),
    Source(
        "Recapture",
        "A cart is abandoned 30 minutes after its last change",
        "https://docs.recapture.io/article/"
        "26-how-long-does-it-take-for-recapture-to-consider-a-cart-to-be-abandoned",
    ),
    Source(
        "Connectif",
        "Cart status: abandoned after 30 minutes without activity, active again on activity",
        "https://support.connectif.ai/hc/en-us/articles/360014218040",
    ),
    Source(
        "Simla",
        "Abandoned cart: 30 minutes of inactivity; the status is removed on return",
        "https://docs.simla.com/Users/OperatingActivity/Clients/ClientPage/WorkClientPage/"
        "AbandonedBasketCustomer",
    ),
)


def sources_table() -> str:
    """Every source that the table of metrics names.

    Raises:
        ValueError: the two lists do not fit: somebody is not in this one, or only in this one.
    """
    for score in SCORES:
        if not any(source.short in score.source for source in SOURCES):
            raise ValueError(f"{score.name}: no publication is known for {score.source!r}")
    for source in SOURCES:
        if not any(source.short in score.source for score in SCORES):
            raise ValueError(f"{source.short}: no score names it")
    rows = ((s.short, f"[{s.full}]({s.url})" if s.url else s.full) for s in SOURCES)
    return table(("named", "publication"), rows)

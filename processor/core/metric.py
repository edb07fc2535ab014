"""The one table of metrics: every score that is shown, with its formula, unit and source.

Exposition, wallboard, alert rules and docs/metrics.md are all made from it and from the counts it
is made of (`core.counted`); a name is written once. To add a metric is to add a row and, if it
counts something new, a tally and the entity that contributes it.
"""

from processor.core.counted import COUNT
from processor.core.formula import Mean, NetPromoter, ScoreMetric, Share

_NPS = "Reichheld 2003; adjusted Wald interval: Rocks 2016, Lewis and Sauro 2021"
_WILSON = "Wilson score interval: Wilson 1927"
_TOP_BOX = "top box: SoGoSurvey and kicue (4-5 of 1-5), QuestionPro (9-10 of 1-10); Wilson interval"
_EFFORT = "share of 5-7 of 1-7: Zonka; CES 2.0 (2013), mirrored for CES 1.0 (2010); Wilson interval"
_MEAN = "mean of ratings: Benbria; normal interval"
_CSAT_MEAN = "mean of ratings, called CSAT by B. Morgan and Benbria; normal interval"
_CES_MEAN = "mean of ratings, CES 2.0: Nicereply; normal interval"
_FCR = "gross and net: MetricNet, Medallia; repeat window: callcentrehelper.com; Wilson interval"
_QUEUE = (
    "Amazon Connect and Genesys Cloud metric definitions, over outcomes; Wilson or normal interval"
)
_REPEAT = "repeat window: callcentrehelper.com; Wilson interval"
_CART = "quiet time: Recapture, Connectif, Simla (30 min); over outcomes; Wilson interval"


def _share(part: str, *wholes: str) -> Share:
    return Share(COUNT[part], tuple(COUNT[whole] for whole in wholes))


def _mean(total: str, squares: str | None, count: str) -> Mean:
    return Mean(COUNT[total], COUNT[squares] if squares else None, COUNT[count])


SCORES: tuple[ScoreMetric, ...] = (
    ScoreMetric(
        name="nps_score",
        title="NPS",
        formula=NetPromoter(COUNT["nps_promoters"], COUNT["nps_detractors"], COUNT["nps_answers"]),
        unit="points",
        good="up",
        target=50.0,
        counted="answers",
        help="Net Promoter Score: 100 * (promoters - detractors) / answers",
        source=_NPS,
    ),
    ScoreMetric(
        name="nps_promoter_ratio",
        title="Promoters",
        formula=_share("nps_promoters", "nps_answers"),
        unit="ratio",
        good="up",
        counted="answers",
        help="NPS answers of 9 and 10 / answers",
        source=_WILSON,
    ),
    ScoreMetric(
        name="nps_detractor_ratio",
        title="Detractors",
        formula=_share("nps_detractors", "nps_answers"),
        unit="ratio",
        good="down",
        counted="answers",
        help="NPS answers of 0 to 6 / answers",
        source=_WILSON,
    ),
    ScoreMetric(
        name="csat_ratio",
        title="CSAT",
        formula=_share("csat_satisfied", "csat_answers"),
        unit="ratio",
        good="up",
        target=0.8,
        counted="answers",
        help="satisfied answers / answers",
        source=_TOP_BOX,
    ),
    ScoreMetric(
        name="csat_rating_mean",
        title="CSAT mean",
        formula=_mean("csat_rating_points", "csat_rating_squares", "csat_ratings"),
        unit="rating",
        good="up",
        counted="answers",
        help="mean CSAT rating on one scale",
        source=_CSAT_MEAN,
    ),
    ScoreMetric(
        name="ces_ratio",
        title="CES easy",
        formula=_share("ces_easy", "ces_answers"),
        unit="ratio",
        good="up",
        target=0.7,
        counted="answers",
        help="answers that say it was easy / answers",
        source=_EFFORT,
    ),
    ScoreMetric(
        name="ces_rating_mean",
        title="CES mean",
        formula=_mean("ces_rating_points", "ces_rating_squares", "ces_ratings"),
        unit="rating",
        good="up",
        counted="answers",
        help="mean CES rating on one scale",
        source=_CES_MEAN,
    ),
    ScoreMetric(
        name="question_yes_ratio",
        title="Yes answers",
        formula=_share("question_yes", "question_answers"),
        unit="ratio",
        good="up",
        counted="answers",
        help="answers of yes / answers, per yes/no question",
        source=_WILSON,
    ),
    ScoreMetric(
        name="question_rating_mean",
        title="Question mean",
        formula=_mean("question_rating_points", "question_rating_squares", "question_ratings"),
        unit="rating",
        good="up",
        counted="answers",
        help="mean rating of a further scale question",
        source=_MEAN,
    ),
    ScoreMetric(
        name="survey_completion_ratio",
        title="Completed",
        formula=_share("survey_completed", "survey_responses"),
        unit="ratio",
        good="up",
        counted="responses",
        help="completed responses / responses",
        source=_WILSON,
    ),
    ScoreMetric(
        name="fcr_ratio",
        title="FCR",
        formula=_share("fcr_resolved", "fcr_first"),
        unit="ratio",
        good="up",
        target=0.7,
        counted="first contacts",
        help="first contact resolution, gross, provisional",
        source=_FCR,
    ),
    ScoreMetric(
        name="fcr_net_ratio",
        title="FCR net",
        formula=_share("fcr_net_resolved", "fcr_net_first"),
        unit="ratio",
        good="up",
        counted="first contacts",
        help="first contact resolution, net, provisional",
        source=_FCR,
    ),
    ScoreMetric(
        name="fcr_settled_ratio",
        title="FCR settled",
        formula=_share("fcr_settled_resolved", "fcr_settled_first"),
        unit="ratio",
        good="up",
        target=0.7,
        counted="first contacts",
        help="first contact resolution, gross, settled",
        source=_FCR,
    ),
    ScoreMetric(
        name="fcr_settled_net_ratio",
        title="FCR net settled",
        formula=_share("fcr_settled_net_resolved", "fcr_settled_net_first"),
        unit="ratio",
        good="up",
        counted="first contacts",
        help="first contact resolution, net, settled",
        source=_FCR,
    ),
    ScoreMetric(
        name="repeat_contact_ratio",
        title="Repeat contacts",
        formula=_share("case_repeats", "case_contacts"),
        unit="ratio",
        good="down",
        counted="contacts",
        help="repeat contacts / contacts of identified customers",
        source=_REPEAT,
    ),
    ScoreMetric(
        name="contact_abandonment_ratio",
        title="Abandoned contacts",
        formula=_share("contacts_abandoned", "contacts_answered", "contacts_abandoned"),
        unit="ratio",
        good="down",
        target=0.05,
        counted="contacts",
        help="abandoned / (answered + abandoned)",
        source=_QUEUE,
    ),
    ScoreMetric(
        name="service_level_ratio",
        title="Service level",
        formula=_share("contacts_in_time", "contacts_answered", "contacts_abandoned"),
        unit="ratio",
        good="up",
        target=0.8,
        counted="contacts",
        help="answered within the service level / (answered + abandoned)",
        source=_QUEUE,
    ),
    ScoreMetric(
        name="speed_of_answer_seconds",
        title="Speed of answer",
        formula=_mean("contacts_wait_seconds", None, "contacts_waited"),
        unit="seconds",
        good="down",
        counted="contacts",
        help="mean time in the queue of answered contacts",
        source=_QUEUE,
    ),
    ScoreMetric(
        name="handle_time_seconds",
        title="Handle time",
        formula=_mean(
            "contacts_handle_seconds", "contacts_handle_seconds_squares", "contacts_handled"
        ),
        unit="seconds",
        good="down",
        counted="contacts",
        help="mean talk, hold and wrap time of handled contacts",
        source=_QUEUE,
    ),
    ScoreMetric(
        name="transfer_ratio",
        title="Transferred",
        formula=_share("contacts_transferred", "contacts_handled"),
        unit="ratio",
        good="down",
        counted="contacts",
        help="transferred / handled contacts",
        source=_QUEUE,
    ),
    ScoreMetric(
        name="cart_abandonment_ratio",
        title="Cart abandonment",
        formula=_share("carts_abandoned", "carts_abandoned", "carts_converted"),
        unit="ratio",
        good="down",
        target=0.7,
        counted="carts",
        help="abandoned / (abandoned + converted) of carts with an outcome",
        source=_CART,
    ),
    ScoreMetric(
        name="checkout_abandonment_ratio",
        title="Checkout abandonment",
        formula=_share("carts_checkout_abandoned", "carts_checkout_abandoned", "carts_converted"),
        unit="ratio",
        good="down",
        counted="carts",
        help="abandoned in checkout / (abandoned in checkout + converted)",
        source=_CART,
    ),
    ScoreMetric(
        name="cart_recovery_ratio",
        title="Recovered carts",
        formula=_share("carts_recovered", "carts_recovered", "carts_abandoned"),
        unit="ratio",
        good="up",
        counted="carts",
        help="recovered / (recovered + abandoned) of carts once abandoned",
        source=_CART,
    ),
    ScoreMetric(
        name="order_unjoined_ratio",
        title="Orders without a cart",
        formula=_share("orders_unjoined", "orders"),
        unit="ratio",
        good="down",
        target=0.2,
        counted="orders",
        help="orders without a cart / orders",
        source=_WILSON,
    ),
)

SCORE: dict[str, ScoreMetric] = {score.name: score for score in SCORES}
"""The scores by name."""

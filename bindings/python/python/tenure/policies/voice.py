"""What can be chosen for the KPIs of the family voice, as typed dicts. Written by `python -m tenure._generate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict


class Nps(TypedDict, total=False):
    """The choices of nps. How many more customers would recommend us than would not?"""

    preset: Literal["customer_gauge", "service_rocket_5", "service_rocket_7", "user_voice", "userpilot", "wootric"]
    """A named set of choices, which the other fields override. `tenure.explain("nps")` has the
    sources.
    """

    scale: Sequence[int]
    """Lowest and highest answer. Any scale but 0 to 10 needs `promoter_from` and `detractor_to`,
    because vendors map other scales differently.
    """

    promoter_from: int | None
    """The lowest answer of a promoter: 9 on the scale of 0 to 10, as the score's authors defined it."""

    detractor_to: int | None
    """The highest answer of a detractor: 6 on the scale of 0 to 10, as the score's authors defined it."""

    repeats: Literal["all", "latest_in_period", "latest_ever"]
    """Which answers of one respondent count. By default all do, because not every table names
    respondents.
    """

    no_score_in_denominator: bool
    """Whether answers without a score enlarge the denominator. By default they do not: they say
    nothing of the score.
    """

    interval: Literal["adjusted_wald", "wald", "t"]
    """How the interval is computed. The default covers best for few and for many answers."""


class NpsDistribution(TypedDict, total=False):
    """The choices of nps_distribution. Which share of the answers comes from promoters, from passives and from detractors?"""

    preset: Literal["customer_gauge", "service_rocket_5", "service_rocket_7", "user_voice", "userpilot", "wootric"]
    """A named set of choices, which the other fields override. `tenure.explain("nps_distribution")`
    has the sources.
    """

    scale: Sequence[int]
    """Lowest and highest answer. Any scale but 0 to 10 needs `promoter_from` and `detractor_to`."""

    promoter_from: int | None
    """The lowest answer of a promoter: 9 on the scale of 0 to 10."""

    detractor_to: int | None
    """The highest answer of a detractor: 6 on the scale of 0 to 10."""

    repeats: Literal["all", "latest_in_period", "latest_ever"]
    """Which answers of one respondent count."""

    no_score_in_denominator: bool
    """Whether answers without a score enlarge the denominator. Then the three shares add up to less
    than 100 %.
    """

    interval: Literal["wilson", "clopper_pearson"]
    """How the interval of each share is computed."""


class NpsAccount(TypedDict, total=False):
    """The choices of nps_account. How do the people of one account speak of us, taken together?"""

    preset: Literal["freshworks"]
    """A named set of choices, which the other fields override. `tenure.explain("nps_account")` has the
    sources.
    """

    scale: Sequence[int]
    """Lowest and highest answer. Any scale but 0 to 10 needs `promoter_from` and `detractor_to`."""

    promoter_from: int | None
    """The lowest answer of a promoter: 9 on the scale of 0 to 10."""

    detractor_to: int | None
    """The highest answer of a detractor: 6 on the scale of 0 to 10."""

    window: str
    """How long before the account's latest answer others still count, ends included. By default all
    do, which is the true NPS of the account.
    """

    interval: Literal["adjusted_wald", "wald", "t"]
    """How the interval is computed."""


class NpsAccountMean(TypedDict, total=False):
    """The choices of nps_account_mean. What do the people of one account answer on average when asked whether they would recommend us?"""

    preset: Literal["gainsight", "natero"]
    """A named set of choices, which the other fields override. `tenure.explain("nps_account_mean")`
    has the sources.
    """

    scale: Sequence[int]
    """Lowest and highest answer."""

    window: str
    """How long before the account's latest answer others still count, ends included. By default all
    do.
    """


class NpsDelta(TypedDict, total=False):
    """The choices of nps_delta. Did the score change, and is the change more than chance?"""

    preset: Literal["service_rocket_5", "service_rocket_7", "user_voice"]
    """A named set of choices, which the other fields override. `tenure.explain("nps_delta")` has the
    sources.
    """

    scale: Sequence[int]
    """Lowest and highest answer. Any scale but 0 to 10 needs `promoter_from` and `detractor_to`."""

    promoter_from: int | None
    """The lowest answer of a promoter: 9 on the scale of 0 to 10."""

    detractor_to: int | None
    """The highest answer of a detractor: 6 on the scale of 0 to 10."""

    repeats: Literal["all", "latest_in_period", "latest_ever"]
    """Which answers of one respondent count."""

    against: Literal["previous_period", "previous_year"]
    """What the score is compared with. By default the period before; the previous year removes the
    season.
    """

    statistic: Literal["change", "z"] | list[Literal["change", "z"]]
    """What is told; a list gives one row each."""


class Csat(TypedDict, total=False):
    """The choices of csat. Which share of the customers who rated us was satisfied?"""

    preset: Literal["chatwoot", "intercom", "questionpro", "service_rocket", "smartsurvey", "sogosurvey", "zendesk"]
    """A named set of choices, which the other fields override. `tenure.explain("csat")` has the
    sources.
    """

    definition: Literal["top2", "percent_of_max", "good_bad"]
    """What counts as satisfaction. Most vendors count the two top boxes."""

    scale: Sequence[int]
    """Lowest and highest rating. Left out: 1 to 5, and 0 to 1 for good and bad."""

    satisfied_from: int | None
    """The lowest satisfied rating of `top2`. Left out: the two top boxes."""

    origin: Literal["zero_based", "one_based"]
    """What `percent_of_max` takes as nothing. By default the lowest rating, so that the range is 0 to
    100.
    """

    repeats: Literal["all", "latest"]
    """Which ratings of one conversation count. By default all, because not every table names
    conversations.
    """

    attribution: Literal["answered", "closed"]
    """In which period a rating counts. By default that of the rating."""

    interval: Literal["wilson", "clopper_pearson"]
    """How the interval of a share is computed; `percent_of_max` has a t interval."""


class CsatMean(TypedDict, total=False):
    """The choices of csat_mean. How do customers rate us on average?"""

    preset: Literal["questionpro"]
    """A named set of choices, which the other fields override. `tenure.explain("csat_mean")` has the
    sources.
    """

    scale: Sequence[int]
    """Lowest and highest rating."""


class HappinessScore(TypedDict, total=False):
    """The choices of happiness_score. How many more customers rated a reply great than not good?"""

    preset: Literal["help_scout", "metrics_flare"]
    """A named set of choices, which the other fields override. `tenure.explain("happiness_score")` has
    the sources.
    """

    scale: Sequence[int]
    """Lowest and highest score, where ratings come as scores."""

    positive_from: int | None
    """The lowest good score. Left out: the highest of the scale."""

    negative_to: int | None
    """The highest bad score. Left out: the lowest of the scale."""

    interval: Literal["adjusted_wald", "wald", "t"]
    """How the interval is computed."""


class Ces(TypedDict, total=False):
    """The choices of ces. Which share of the customers agrees that we made it easy?"""

    preset: Literal["service_rocket"]
    """A named set of choices, which the other fields override. `tenure.explain("ces")` has the
    sources.
    """

    definition: Literal["percent_agree", "percent_of_max"]
    """How answers become one number. The share of those who agree needs no explanation."""

    scale: Sequence[int]
    """Lowest and highest answer."""

    agree_from: int | None
    """The lowest answer that agrees: 5, somewhat agree, of 7."""

    interval: Literal["wilson", "clopper_pearson"]
    """How the interval of a share is computed; `percent_of_max` has a t interval."""


class CesMean(TypedDict, total=False):
    """The choices of ces_mean. How much effort do customers report on average?"""

    preset: Literal["benbria", "closealert"]
    """A named set of choices, which the other fields override. `tenure.explain("ces_mean")` has the
    sources.
    """

    scale: Sequence[int]
    """Lowest and highest answer."""

    direction: Literal["higher_is_better", "lower_is_better"]
    """Which answers are the better ones. Left out: higher on the scale of 1 to 7; any other scale has
    to declare it.
    """


class CesIndex(TypedDict, total=False):
    """The choices of ces_index. How many more customers found it easy than difficult?"""

    scale: Sequence[int]
    """Lowest and highest answer."""

    easy_from: int | None
    """The lowest answer that means easy."""

    difficult_to: int | None
    """The highest answer that means difficult."""

    interval: Literal["adjusted_wald", "wald", "t"]
    """How the interval is computed."""


class SurveyResponseRate(TypedDict, total=False):
    """The choices of survey_response_rate. Which share of those we asked answered?"""

    preset: Literal["chatwoot", "customer_gauge", "intercom", "userpilot"]
    """A named set of choices, which the other fields override.
    `tenure.explain("survey_response_rate")` has the sources.
    """

    denominator: Literal["sent", "delivered", "shown", "eligible"]
    """Who was asked. By default everyone to whom the survey was sent: every table of surveys knows
    that.
    """

    state: Literal["answered", "declined", "unanswered"] | list[Literal["answered", "declined", "unanswered"]]
    """Of which state the share is told; a list gives one row each."""

    interval: Literal["wilson", "clopper_pearson"]
    """How the interval is computed."""


class CommentRate(TypedDict, total=False):
    """The choices of comment_rate. Which share of those who answered also wrote something?"""

    interval: Literal["wilson", "clopper_pearson"]
    """How the interval is computed."""


class SentimentMean(TypedDict, total=False):
    """The choices of sentiment_mean. How good or bad does what customers write sound, on average?"""


class SentimentNet(TypedDict, total=False):
    """The choices of sentiment_net. How many more comments sound good than bad?"""

    preset: Literal["closealert"]
    """A named set of choices, which the other fields override. `tenure.explain("sentiment_net")` has
    the sources.
    """

    per: Literal["ten", "one", "hundred"]
    """Per how many comments the score is told. By default ten, as the vendor has it who names the
    score.
    """

    neutral_within: float
    """A polarity nearer to 0 than this is neutral, where the table has polarities and no sentiments.
    By default 0.05, as users of VADER have it.
    """

    interval: Literal["adjusted_wald", "wald", "t"]
    """How the interval is computed."""


class ThemeShare(TypedDict, total=False):
    """The choices of theme_share. How often do customers speak of each theme?"""

    themes: Literal["tags_or_text", "tags", "text"]
    """Where the themes come from. By default what people tagged, where the table has tags."""

    interval: Literal["wilson", "clopper_pearson"]
    """How the interval is computed."""


class ThemeScore(TypedDict, total=False):
    """The choices of theme_score. How do those score us who speak of a theme?"""

    base: Literal["nps", "mean"]
    """What is scored."""

    themes: Literal["tags_or_text", "tags", "text"]
    """Where the themes come from. By default what people tagged, where the table has tags."""

    scale: Sequence[int]
    """Lowest and highest answer. For NPS any scale but 0 to 10 needs `promoter_from` and
    `detractor_to`.
    """

    promoter_from: int | None
    """The lowest answer of a promoter: 9 on the scale of 0 to 10."""

    detractor_to: int | None
    """The highest answer of a detractor: 6 on the scale of 0 to 10."""


class ThemeImpact(TypedDict, total=False):
    """The choices of theme_impact. How much does a theme move the score?"""

    base: Literal["nps", "mean"]
    """What is scored."""

    themes: Literal["tags_or_text", "tags", "text"]
    """Where the themes come from. By default what people tagged, where the table has tags."""

    scale: Sequence[int]
    """Lowest and highest answer. For NPS any scale but 0 to 10 needs `promoter_from` and
    `detractor_to`.
    """

    promoter_from: int | None
    """The lowest answer of a promoter: 9 on the scale of 0 to 10."""

    detractor_to: int | None
    """The highest answer of a detractor: 6 on the scale of 0 to 10."""


class CodingAgreement(TypedDict, total=False):
    """The choices of coding_agreement. Do those who sort what customers write into themes agree, beyond what chance would give?"""

    definition: Literal["cohen_kappa", "krippendorff_alpha"]
    """How agreement is measured. By default kappa, which has an interval; alpha suits many coders of
    whom each saw a part.
    """

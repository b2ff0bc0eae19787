"""Which learners of texts take part in a contest."""

from collections.abc import Mapping, Sequence
from typing import Any

from insights.ml.evaluation import Candidate
from insights.ml.voice.judging import BLEND
from insights.ml.voice.learners import encoder, learner_class

LINEAR = ("svm", "logistic", "nbsvm")
# The score is a sum over words, and what each brings can be shown.
EXACT = (*LINEAR, "moods")
# Takes part when asked for by name: it costs minutes.
ASKED = ("network",)
SENTENCES = "sentences"


def learnt(params: Mapping[str, Any], also: Sequence[str] = ()) -> list[Candidate]:
    """The linear models and those offered for this question also, the sentence encoder where it is installed, the
    network where it is asked for, their blend.

    params: 'candidates' (names): only these; 'english' (True): whether most messages are in a language that the
    encoder knows."""
    wanted = params.get("candidates")
    encoded = encoder.installed() and params.get("english", True)
    names = [*LINEAR, *also, *(ASKED if wanted else ()), *([SENTENCES] if encoded else ())]
    taking_part = [name for name in names if wanted is None or name in wanted]
    exact = all(name in EXACT for name in taking_part)
    made = [Candidate(name, learner_class(name), glass_box=name in EXACT) for name in taking_part]
    if len(made) > 1 and (wanted is None or BLEND in wanted):
        made.append(Candidate(BLEND, lambda: None, glass_box=exact))
    return made

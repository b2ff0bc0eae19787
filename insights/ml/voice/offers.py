"""Which learners of texts take part in a contest.

The network on letters costs minutes of processor time: it takes part from LEAST_LETTERS messages with a label on, as
with fewer it knows less than word counts do, and up to MOST_LETTERS, which two cores go through in some minutes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from insights.ml.evaluation import Candidate
from insights.ml.voice.judging import BLEND
from insights.ml.voice.labelled import Inputs
from insights.ml.voice.learners import encoder, learner_class

LINEAR = ("svm", "logistic", "nbsvm")
# The score is a sum over words, and what each brings can be shown.
EXACT = (*LINEAR, "moods")
LETTERS = "network"
LEAST_LETTERS, MOST_LETTERS = 5_000, 12_000
SENTENCES = "sentences"


def learnt(params: Mapping[str, Any], also: Sequence[str] = ()) -> list[Candidate]:
    """The linear models and those offered for this question also, the sentence encoder where it is installed, the
    network on letters where it is asked for or takes part by itself, their blend.

    params: 'candidates' (names): only these; 'english' (True): whether most messages are in a language that the
    encoder knows; 'messages': how many have a label, where that is known."""
    wanted = params.get("candidates")
    encoded = encoder.installed() and params.get("english", True)
    letters = [LETTERS] if wanted or takes_letters(params) else []
    names = [*LINEAR, *also, *letters, *([SENTENCES] if encoded else ())]
    taking_part = [name for name in names if wanted is None or name in wanted]
    exact = all(name in EXACT for name in taking_part)
    made = [Candidate(name, learner_class(name), glass_box=name in EXACT) for name in taking_part]
    if len(made) > 1 and (wanted is None or BLEND in wanted):
        made.append(Candidate(BLEND, lambda: None, glass_box=exact))
    return made


def takes_letters(params: Mapping[str, Any]) -> bool:
    return LEAST_LETTERS <= params.get("messages", 0) <= MOST_LETTERS


def noted(inputs: Inputs) -> Inputs:
    """The same with whether the network on letters takes part, and by what that was decided, for people to read."""
    if "messages" in inputs.params:
        told = {"messages": inputs.params["messages"], "least": LEAST_LETTERS, "most": MOST_LETTERS}
        inputs.windows["letters"] = {"takes": takes_letters(inputs.params), **told}
    return inputs

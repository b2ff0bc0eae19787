"""What each operation on models and segments does, in words: (summary, description) by operation."""

from customers.api.summaries import KEY, PAGES

FOLLOW = " The answer is 202: a worker does it, and `Location` says where to follow it."

SUMMARIES = {
    "training_runs_list": ("List trainings", "Trainings, newest first, with their steps and how they ended." + PAGES),
    "training_runs_create": (
        "Train a model",
        "Admins ask for a training; where one of this kind waits or is under way, the answer is that one." + KEY,
    ),
    "training_runs_retrieve": ("Read a training", "One training: its step, how far it is, and how it ended."),
    "training_runs_stop_create": (
        "Stop a training",
        "A waiting training is stopped at once, a running one within seconds; an ended one stays as it is." + KEY,
    ),
    "model_versions_list": (
        "List model versions",
        "Every version that was better than the plain rule, with what it was compared with." + PAGES,
    ),
    "model_versions_retrieve": (
        "Read a model version",
        "One version: its grade, its figures on data later than its training's, and all candidates.",
    ),
    "model_versions_publish_create": (
        "Publish a version",
        "Admins make an earlier, or a held back, version the champion: what it says replaces the present figures on"
        " every customer." + FOLLOW + KEY,
    ),
    "model_versions_roll_back_create": (
        "Roll a model back",
        "Admins go back to the version before the champion." + FOLLOW + KEY,
    ),
    "publish_requests_list": ("List publishings", "What was asked to be published, newest first." + PAGES),
    "publish_requests_retrieve": ("Read a publishing", "Whether it waits, runs, is done or has failed, and why."),
    "segments_list": (
        "Read the segments",
        "Sizes, value and average risk of every segment, over the customers of the teams you may see; from stored"
        " sums, which follow changes within a minute or so.",
    ),
    "segments_movements_retrieve": (
        "Read who moved between segments",
        "How many customers went from which segment to which: in the last `days`, or from `since` to `until`, both"
        " included. A customer who moved on several days is counted once for each.",
    ),
    "segment_moves_list": (
        "List changes of segment",
        "Every change of segment of the customers you may see, at most one a day for each, newest first." + PAGES,
    ),
}  # fmt: skip

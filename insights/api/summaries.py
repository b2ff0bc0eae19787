"""What each operation on models and segments does, in words: (summary, description) by operation."""

from customers.api.summaries import KEY, PAGES

FOLLOW = " The answer is 202: a worker does it, and `Location` says where to follow it."

SUMMARIES = {
    "training_runs_list": ("List trainings", "Trainings, newest first, with their steps and how they ended." + PAGES),
    "training_runs_create": (
        "Train a model",
        "Admins ask for a training (202); where one of this kind waits or is under way, no second is queued: the answer"
        " is that one, with 200. The kinds"
        " `churn`, `segments`, `products` and `value` learn from what customers do; `sentiment` and `intent` from the"
        " stars and corrections of what they write." + KEY,
    ),
    "training_runs_retrieve": ("Read a training", "One training: its step, how far it is, and how it ended."),
    "training_runs_stop_create": (
        "Stop a training",
        "A waiting training is stopped at once, a running one within seconds; one that has ended is refused with 409"
        " and `not_active`." + KEY,
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
        " every customer. After one of kind `sentiment` or `intent` all messages are read anew instead." + FOLLOW + KEY,
    ),
    "model_versions_roll_back_create": (
        "Roll a model back",
        "Admins go back to the version that was published before the champion, whichever number it has; the answer says"
        " which. Asked for once more when that is done, it comes back to where it was: another one is published by its"
        " id." + FOLLOW + KEY,
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
    "segments_look_alikes_list": (
        "Read who is near a segment",
        "The customers you may see who are not in the segment, but have it as the nearest of all they are not in.",
    ),
    "groups_list": (
        "Read the behaviour groups",
        "The published groups with what they are called, what sets them apart and how many of the customers you may"
        " see are in each. None where no groups held up.",
    ),
    "groups_retrieve": ("Read a behaviour group", "One group, by its number."),
    "groups_partial_update": (
        "Name a behaviour group",
        "Managers and admins say what a group is called. Its number stays; an empty name brings back what sets it"
        " apart.",
    ),
    "groups_movements_retrieve": (
        "Read who moved between behaviour groups",
        "How many customers went from which group to which: in the last `days`, or from `since` to `until`, both"
        " included. That groups were found where there were none moves nobody.",
    ),
    "groups_look_alikes_list": (
        "Read who is near a behaviour group",
        "The customers you may see who are not in the group, but have it as the nearest of all they are not in.",
    ),
    "group_moves_list": (
        "List changes of behaviour group",
        "Every change of group of the customers you may see, at most one a day for each, newest first." + PAGES,
    ),
    "topics_list": (
        "List topics",
        "What the customers you may see talk about: those that rise first, then the most frequent, with how many"
        " messages, the change against their usual share, the money at risk and typical messages. A topic rises where"
        " more is said of it, over all teams, than chance and season explain.",
    ),
    "topics_retrieve": ("Read a topic", "One topic, by its number, which stays the same in later searches."),
    "topics_partial_update": (
        "Name a topic",
        "Managers and admins say what a topic is called; an empty name brings back what sets it apart.",
    ),
    "topics_messages_list": (
        "List the messages of a topic",
        "Its messages that you may see, newest first, with what was read out of them." + PAGES,
    ),
    "analyses_create": (
        "Read a text",
        "What the reader of messages makes of a text, which is not kept: feeling with its probabilities and the words"
        " that speak for it, concern, urgency, aspects, keywords and names, of which products, orders and colleagues"
        " that you may see have their ids. A worker reads it, usually within a second; where none does within ten, the"
        " answer is 503. A token needs the scope `read`.",
    ),
    "segment_moves_list": (
        "List changes of segment",
        "Every change of segment of the customers you may see, at most one a day for each, newest first." + PAGES,
    ),
}  # fmt: skip

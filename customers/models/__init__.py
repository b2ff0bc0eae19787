from customers.models.answers import KeyedAnswer
from customers.models.assignments import MessageAssignment
from customers.models.attachments import Attachment
from customers.models.changes import Change, ChangeSet, Recorded
from customers.models.company import Company, CustomAttribute, ExchangeRate
from customers.models.concerns import (
    Concern,
    Concerns,
    concern_choices,
    concern_word,
    concerns,
    stored_concerns,
)
from customers.models.customers import (
    HIGH_RISK,
    MEDIUM_RISK,
    Customer,
    CustomerQuerySet,
    CustomerValue,
    ExternalId,
    Tag,
)
from customers.models.deletions import Deletion
from customers.models.erasures import Erasure
from customers.models.events import Event
from customers.models.exports import ListExport
from customers.models.follows import Follow
from customers.models.interactions import Interaction
from customers.models.notifications import Notification
from customers.models.orders import Order, OrderLine
from customers.models.people import Team, User
from customers.models.products import (
    Product,
    ProductBuyer,
    ProductMonth,
    ProductSum,
    ProductValue,
)
from customers.models.readings import MessageCorrection, MessageReading, Sentiment
from customers.models.said import CustomerSubject, CustomerVoice
from customers.models.scores import (
    Behaviour,
    CustomerScore,
    Outlook,
    Recommendation,
    ScoreReasons,
    Segment,
)
from customers.models.tasks import Task
from customers.models.tokens import ApiToken
from customers.models.totals import CustomerMonth, CustomerTotals
from customers.models.views import SavedView

__all__ = [
    "HIGH_RISK",
    "MEDIUM_RISK",
    "ApiToken",
    "Attachment",
    "Change",
    "ChangeSet",
    "Company",
    "Concern",
    "Concerns",
    "CustomAttribute",
    "Customer",
    "CustomerMonth",
    "CustomerQuerySet",
    "CustomerScore",
    "CustomerSubject",
    "CustomerTotals",
    "CustomerValue",
    "CustomerVoice",
    "Deletion",
    "Erasure",
    "Event",
    "ExchangeRate",
    "ExternalId",
    "Follow",
    "Interaction",
    "ListExport",
    "KeyedAnswer",
    "MessageAssignment",
    "MessageCorrection",
    "MessageReading",
    "Notification",
    "Order",
    "OrderLine",
    "Behaviour",
    "Outlook",
    "Product",
    "ProductBuyer",
    "ProductMonth",
    "ProductSum",
    "ProductValue",
    "Recommendation",
    "Recorded",
    "SavedView",
    "ScoreReasons",
    "Segment",
    "Sentiment",
    "Tag",
    "Task",
    "Team",
    "User",
    "concern_choices",
    "concern_word",
    "concerns",
    "stored_concerns",
]

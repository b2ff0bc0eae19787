"""Tasks are added, read, changed, completed and opened again."""

import datetime

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from customers.api import filters
from customers.api.door import ChangeOne
from customers.api.pagination import BY_ID
from customers.api.permissions import WRITE
from customers.api.serializers.tasks import CompletionSerializer, TaskSerializer
from customers.api.views.base import API, CreateListRetrieve
from customers.models import Task
from customers.paging import Sort
from customers.recording import record_task
from customers.tasking import complete, edit, reopen


class TaskViewSet(ChangeOne, CreateListRetrieve):
    serializer_class = TaskSerializer
    orderings = BY_ID | {"due_on": Sort("due_on", False, datetime.date, ties_follow=True)}
    filterset_class = filters.TaskFilter
    http_method_names = ["get", "post", "patch", "head", "options"]
    queryset = Task.objects.none()

    def get_queryset(self):
        seen = Task.objects.visible_to(self.request.user)
        return seen.select_related("customer", "assignee", "created_by", "done_by")

    def perform_create(self, serializer) -> None:
        task = Task(**{"assignee": self.request.user, **serializer.validated_data})
        serializer.instance = record_task(task, self.request.user, API)

    def perform_update(self, serializer) -> None:
        task, data = serializer.instance, serializer.validated_data
        for name, value in data.items():
            setattr(task, name, value)
        edit(task, list(data), self.request.user, API)

    @extend_schema(request=CompletionSerializer, responses=TaskSerializer)
    @action(detail=True, methods=["post"], filterset_class=None, post_scopes=WRITE)
    def completion(self, request, pk=None) -> Response:
        """Done, with what came of it; of a task that repeats, the next one is there at once."""
        task = self.get_object()
        serializer = CompletionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        said = serializer.validated_data
        if said["done"]:
            outcome, note = said.get("outcome", ""), said.get("note", "")
            complete([task.pk], request.user, outcome, note, API)
        else:
            reopen([task.pk], request.user, API)
        return Response(self.get_serializer(self.get_queryset().get(pk=task.pk)).data)

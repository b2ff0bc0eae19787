from rest_framework.routers import SimpleRouter

from insights.api import views

router = SimpleRouter()
router.register("training-runs", views.TrainingRunViewSet, "api-training-run")
router.register("model-versions", views.ModelVersionViewSet, "api-model-version")
router.register("publish-requests", views.PublishRequestViewSet, "api-publish-request")
router.register("segments", views.SegmentViewSet, "api-segment")
router.register("segment-moves", views.SegmentMoveViewSet, "api-segment-move")
router.register("groups", views.GroupViewSet, "api-group")
router.register("topics", views.TopicViewSet, "api-topic")
router.register("group-moves", views.GroupMoveViewSet, "api-group-move")
router.register("analyses", views.AnalysisViewSet, "api-analysis")

urlpatterns = router.urls

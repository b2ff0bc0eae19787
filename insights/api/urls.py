from rest_framework.routers import SimpleRouter

from insights.api import views

router = SimpleRouter()
router.register("training-runs", views.TrainingRunViewSet, "api-training-run")
router.register("model-versions", views.ModelVersionViewSet, "api-model-version")

urlpatterns = router.urls

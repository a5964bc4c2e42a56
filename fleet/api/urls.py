"""The fleet's addresses under /api/v1/."""

from django.urls import path

from fleet.api import evidence, lots, operators, receipts, rig_models, rigs, sites, uploads

urlpatterns = [
    path("operators/me/", operators.Me.as_view(), name="me"),
    path("evidence/", evidence.AllEvidence.as_view(), name="evidence"),
    path("evidence/<int:evidence_id>/", evidence.OneEvidence.as_view(), name="one_evidence"),
    path("evidence/<int:evidence_id>/file/", evidence.EvidenceFile.as_view(), name="evidence_file"),
    path("evidence/<int:evidence_id>/withdraw/", evidence.Withdrawing.as_view(), name="withdraw_evidence"),
    path("lots/", lots.Lots.as_view(), name="lots"),
    path("lots/<int:lot_id>/", lots.OneLot.as_view(), name="lot"),
    path("models/", rig_models.Models.as_view(), name="models"),
    path("models/<int:model_id>/", rig_models.OneModel.as_view(), name="model"),
    path("receipts/", receipts.Receipts.as_view(), name="receipts"),
    path("receipts/<int:receipt_id>/", receipts.OneReceipt.as_view(), name="receipt"),
    path("receipts/<int:receipt_id>/undo/", receipts.UndoingReceipt.as_view(), name="undo_receipt"),
    path("rigs/", rigs.Rigs.as_view(), name="rigs"),
    path("rigs/bulk/", rigs.Bulk.as_view(), name="bulk_rigs"),
    path("rigs/<int:rig_id>/", rigs.OneRig.as_view(), name="rig"),
    path("sites/", sites.Sites.as_view(), name="sites"),
    path("sites/<int:site_id>/", sites.OneSite.as_view(), name="site"),
    path("uploads/", uploads.Uploads.as_view(), name="uploads"),
    path("uploads/template/", uploads.Template.as_view(), name="upload_template"),
    path("uploads/<int:upload_id>/", uploads.OneUpload.as_view(), name="upload"),
    path("uploads/<int:upload_id>/apply/", uploads.Applying.as_view(), name="apply_upload"),
    path("uploads/<int:upload_id>/cancel/", uploads.Cancelling.as_view(), name="cancel_upload"),
    path("uploads/<int:upload_id>/check/", uploads.Checking.as_view(), name="check_upload"),
    path("uploads/<int:upload_id>/problems/", uploads.Problems.as_view(), name="upload_problems"),
    path(
        "uploads/<int:upload_id>/problems/workbook/",
        uploads.ProblemWorkbook.as_view(),
        name="problem_workbook",
    ),
    path("uploads/<int:upload_id>/undo/", uploads.Undoing.as_view(), name="undo_upload"),
]

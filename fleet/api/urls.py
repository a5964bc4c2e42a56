"""The fleet's addresses under /api/v1/."""

from django.urls import path

from fleet.api import evidence, operators, receipts, uploads

urlpatterns = [
    path("operators/me/", operators.Me.as_view(), name="me"),
    path("evidence/", evidence.AllEvidence.as_view(), name="evidence"),
    path("evidence/<int:evidence_id>/", evidence.OneEvidence.as_view(), name="one_evidence"),
    path("evidence/<int:evidence_id>/file/", evidence.EvidenceFile.as_view(), name="evidence_file"),
    path("evidence/<int:evidence_id>/withdraw/", evidence.Withdrawing.as_view(), name="withdraw_evidence"),
    path("receipts/", receipts.Receipts.as_view(), name="receipts"),
    path("receipts/<int:receipt_id>/", receipts.OneReceipt.as_view(), name="receipt"),
    path("receipts/<int:receipt_id>/undo/", receipts.UndoingReceipt.as_view(), name="undo_receipt"),
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

"""Every function, with the work that faults interrupt: one line each."""

from tests.faults import (
    certificate_signing,
    certificate_verification,
    event_archive,
    inbox_check,
    inbox_sweep,
    key_deletion,
    key_export,
    key_upload,
    laboratory_uploads,
    laboratory_watch,
    notification_dispatch,
    origin_check,
    person_linkage,
    recovery_release,
    result_access,
    result_intake,
    statistics_counting,
    statistics_publication,
    verifier_lists,
)
from tests.faults.scenario import Scenario

# By the folder of the function.
SCENARIOS: dict[str, tuple[type[Scenario], ...]] = {
    "certificate_signing": (
        certificate_signing.Issue,
        certificate_signing.IssueTogether,
        certificate_signing.Change,
        certificate_signing.Release,
    ),
    "event_archive": (event_archive.TwoDays,),
    "inbox_check": (inbox_check.LostFiles,),
    "inbox_sweep": (inbox_sweep.Sweep,),
    "key_deletion": (key_deletion.Expired,),
    "key_export": (key_export.Export,),
    "key_upload": (key_upload.Upload, key_upload.KnownBefore),
    "laboratory_uploads": (laboratory_uploads.OpenAndFollow,),
    "laboratory_watch": (laboratory_watch.TwoLaboratories,),
    "notification_dispatch": (notification_dispatch.TwoPeople,),
    "origin_check": (origin_check.Authorise,),
    "person_linkage": (person_linkage.Linked, person_linkage.Parted),
    "recovery_release": (recovery_release.Release,),
    "result_access": (result_access.OpenLink,),
    "result_intake": (
        result_intake.SmallFile,
        result_intake.TwoFiles,
        result_intake.LargeFile,
        result_intake.LargeArchive,
        result_intake.NotLetIn,
    ),
    "statistics_counting": (statistics_counting.Changes, statistics_counting.Linked),
    "statistics_publication": (statistics_publication.OtherNumbers,),
    "certificate_verification": (certificate_verification.OneCertificate,),
    "verifier_lists": (verifier_lists.TwoSigners,),
}

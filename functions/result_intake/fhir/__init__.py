"""FHIR R4: test results as Bundles in JSON, one document or one a line (NDJSON).

Any type of Bundle is read: message, batch, transaction, collection, searchset. Its items are
the Observations whose LOINC code tests for a disease of the catalogue: those that a
DiagnosticReport lists, in its order, then those standing alone. Answers to questions at ordering
are no items. A Bundle without a test is one rejected item (`test-missing`).

- Status: the Observation's, else the report's; a report that is cancelled or entered in error
  prevails over its Observations.
- The laboratory's number (accession): the report's identifier of type FILL, else the request's of
  that type, else the report's first that is not the orderer's (PLAC, PGN), else the
  Observation's. The sub-identifier is the extension `observation-v2-subid`. So a result has the
  same name as in HL7 v2 (OBR-3, OBX-3, OBX-4).
- Sampling time: the Specimen's collection, else the Observation's effective time, else the
  report's. Time of the report: `issued` of the Observation, else of the report.
- A trial is tagged or labelled HTEST (v3-ActReason), or T or D (v2-0103), on the Bundle,
  MessageHeader, DiagnosticReport, Observation or Patient.

References are resolved within the Bundle only: by fullUrl, by `Type/id`, and to what is
contained. Places are FHIRPaths, such as `Bundle.entry[3].resource.status`.
"""

from result_intake.fhir.reader import looks_like, read_bundle, read_ndjson

__all__ = ["looks_like", "read_bundle", "read_ndjson"]

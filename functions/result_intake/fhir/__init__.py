"""FHIR R4: test results as Bundles in JSON, one document or one a line (NDJSON).

Any type of Bundle is read: message, batch, transaction, collection, searchset. Its items are
Observations: those that a DiagnosticReport lists, in its order, then those standing alone; of a
group (`hasMember`), the members. Questions at ordering are no items, nor are cycle thresholds and
variant screenings, which belong to a test. An Observation whose code no disease of the catalogue
has is rejected; a Bundle without an item is one rejected item (`test-missing`), and so is a report
without a result whose code is that of a test. Bundles within a Bundle are read like it.

- Status: the Observation's, else the report's; a report that is cancelled or entered in error
  prevails over its Observations.
- The laboratory's number (accession): the report's identifier of type FILL, else the request's of
  that type, else the report's first that is not the orderer's (PLAC, PGN), else the
  Observation's. The sub-identifier is the extension `observation-v2-subid`. So a result has the
  same name as in HL7 v2 (OBR-3, OBX-3, OBX-4).
- Sampling time: the Specimen's collection, else the effective time of the report, else of the
  Observation. Time of the report: `issued` of the report, else of the Observation, else the
  Bundle's timestamp.
- A trial is tagged or labelled HTEST (v3-ActReason), or T or D (v2-0103), on the Bundle,
  MessageHeader, DiagnosticReport, Observation or Patient.

References are resolved within the Bundle only: by fullUrl, by `Type/id` below the base of their own
entry's fullUrl, to what is contained, and by identifier; one that leads to several resources that
differ is refused (`reference-ambiguous`). Places are FHIRPaths, such as
`Bundle.entry[3].resource.status`.
"""

from result_intake.fhir.reader import looks_like, read_bundle, read_ndjson

__all__ = ["looks_like", "read_bundle", "read_ndjson"]

"""HL7 v2.x ORU^R01: recognised, split into messages, and read into drafts."""

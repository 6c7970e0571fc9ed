"""HL7 v2 ORU^R01: any version 2.x, any encoding characters, single, in batches or in MLLP blocks.

The tokenizer is tolerant: it knows separators and escapes, not which segments and fields a
version has. What a test is read from is said by `patient.read_patient` and
`observation.read_observation`. Places are segment-field-component, with the number of the OBX in
its message and of the repetition of a field where there are several: `OBX[3]-5`, `PID-5[2]-1`.
"""

from result_intake.hl7.framing import looks_like, messages
from result_intake.hl7.reader import read_messages

__all__ = ["looks_like", "messages", "read_messages"]

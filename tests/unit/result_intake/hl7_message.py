"""A complete ORU^R01 of a French laboratory, to vary in tests."""

from datetime import UTC, datetime

NOW = datetime(2022, 1, 12, 12, tzinfo=UTC)

MSH = (
    r"MSH|^~\&|LIS|LABO^750712184^FINESS|VIGIE||20220110180000+0100||ORU^R01^ORU_R01|1|P|2.5.1"
    "||||||UNICODE UTF-8"
)
PID = (
    "PID|1||269054958815780^^^INS-NIR&1.2.250.1.213.1.4.8&ISO^INS-NIR"
    "||DURAND^Zoé^Zoé Anne^^^^L~PETIT^Zoé^^^^^D||19690527|F|||1 rue X^^Ajaccio^^20000^^H^^^2A004"
    "||^PRN^PH^^33^^495000000~^PRN^CP^^33^^612345678~^NET^Internet^zoe@example.fr||fr"
)
OBR = (
    "OBR|1||A1|94500-6^PCR^LN|||202201100900+0100"
    "|||||||||810001234565^LE DOC^^^^^^^ANS&1.2.250.1.71.4.2.1&ISO^^^^RPPS"
    "||||||202201101700+0100|||F"
)
OBX = (
    "OBX|1|CWE|94500-6^PCR^LN||260373001^Detected^SCT||||||F|||202201100900+0100"
    "|||||202201101600+0100||||Laboratoire du Port"
)


def message(*segments: str, end: str = "\r") -> bytes:
    """The bytes of a message."""
    return "".join(segment + end for segment in segments).encode()


SOUND = message(MSH, PID, OBR, OBX)

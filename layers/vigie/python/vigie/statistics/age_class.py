"""Age classes as France's open data names them (`cl_age90`)."""

ALL_AGES = "0"
AGE_CLASSES = ("09", "19", "29", "39", "49", "59", "69", "79", "89", "90")
UNKNOWN_AGE = "unknown"
_YEARS = 10


def age_class(age: int | None) -> str:
    """The class of an age in completed years: `09` is 0 to 9, `19` is 10 to 19, `90` is 90 on."""
    if age is None:
        return UNKNOWN_AGE
    return AGE_CLASSES[min(age // _YEARS, len(AGE_CLASSES) - 1)]

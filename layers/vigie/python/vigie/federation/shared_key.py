"""A key as it travels between countries, before any rule has judged it."""

from typing import NamedTuple


class SharedKey(NamedTuple):
    """One key of a batch, with whatever numbers and texts its sender wrote.

    Attributes:
        key_data: the temporary exposure key.
        rolling_start_interval_number: 32 bits, unsigned.
        rolling_period: 32 bits, unsigned.
        transmission_risk_level: 32 bits, signed.
        visited_countries: ISO 3166-1 alpha-2.
        origin: the country that collected it, ISO 3166-1 alpha-2.
        report_type: by the numbers of the export.
        days_since_onset_of_symptoms: coded (see `onset_days`); 32 bits, signed.
    """

    key_data: bytes
    rolling_start_interval_number: int
    rolling_period: int
    transmission_risk_level: int
    visited_countries: tuple[str, ...]
    origin: str
    report_type: int
    days_since_onset_of_symptoms: int

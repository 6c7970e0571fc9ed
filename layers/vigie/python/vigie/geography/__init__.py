"""Where people live in France: communes, départements and regions, and postcodes."""

from vigie.geography.commune import commune_code, department_of_commune, is_commune
from vigie.geography.division import Department, departments, region_of_department, regions
from vigie.geography.postcode import has_french_postcodes, postcode_of
from vigie.geography.residence import Residence, residence_of

__all__ = [
    "Department",
    "Residence",
    "commune_code",
    "department_of_commune",
    "departments",
    "has_french_postcodes",
    "is_commune",
    "postcode_of",
    "region_of_department",
    "regions",
    "residence_of",
]

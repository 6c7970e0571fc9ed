"""CertLogic 1.3.3: the language of the business rules for certificates.

Source: eu-dcc-business-rules, certlogic/specification/README.md.
"""

from vigie.certlogic.errors import CertLogicError
from vigie.certlogic.evaluation import SPECIFICATION, evaluate
from vigie.certlogic.format import Issue, issues
from vigie.certlogic.values import Value, truth

__all__ = ["SPECIFICATION", "CertLogicError", "Issue", "Value", "evaluate", "issues", "truth"]

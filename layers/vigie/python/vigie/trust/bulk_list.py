"""The trust list as one signed file, instead of one request for each certificate.

It is a JWS in its compact form (RFC 7515), whose payload is:

```
{"iss": "FR", "iat": 1795511400, "exp": 1798103400,
 "signers": [{"kid": "8xYtW2837bc=", "country": "FR", "x5c": ["MIIB…"]}, …]}
```

`iat` and `exp` are seconds since 1970; a file that has expired is not to be believed.
"""

import json
from datetime import datetime, timedelta

from vigie.trust.signer_list import SignerList

BULK_FILE = "trust-list.jws"
BULK_TYPE = "application/jose"
# Long enough to publish again, short enough that nobody is shown an old list for long.
BULK_VALIDITY = timedelta(days=30)


def bulk_payload(listed: SignerList, issuer: str, now: datetime) -> bytes:
    """The payload to sign.

    Args:
        listed: whom to trust.
        issuer: ISO 3166-1 alpha-2, of who publishes.
        now: aware.
    """
    issued_at = int(now.timestamp())
    content = {
        "iss": issuer,
        "iat": issued_at,
        "exp": issued_at + int(BULK_VALIDITY.total_seconds()),
        "signers": [
            {"kid": one.kid, "country": one.country, "x5c": [one.certificate]}
            for one in listed.signers
        ],
    }
    return json.dumps(content, separators=(",", ":")).encode()

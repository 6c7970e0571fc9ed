"""The settings of this function."""

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        laboratories_table: name of the laboratories table.
        files_table: name of the files table.
        uploads_table: name of the uploads table.
        inbox_bucket: name of the inbox.
        outbox_bucket: name of the outbox.
        token_issuer: who issues access tokens, as their `iss` says.
        token_keys_url: where the issuer's public keys are, as a JWK set.
        token_scope: what a token must permit.
        retention_days: how long an upload is remembered: as long as the inbox keeps files.
    """

    laboratories_table: str
    files_table: str
    uploads_table: str
    inbox_bucket: str
    outbox_bucket: str
    token_issuer: str
    token_keys_url: str
    token_scope: str
    retention_days: int

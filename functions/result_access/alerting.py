"""Alerting contacts: the upload code behind a link, for a result that permits it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from result_access.answer import GivenUploadCode
from result_access.log_codes import LogCode
from vigie.results.stored_result import StoredResult
from vigie.tracing.upload_permission import upload_permitted_until

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from result_access.answer import UploadCodeRequest
    from result_access.upload_code_giver import UploadCodeGiver
    from vigie.access.link_check import LinkCheck
    from vigie.catalogue.disease import Disease


class NoUploadCodeError(Exception):
    """The result that was named permits no upload, or is not behind the link."""


class ContactAlerting:
    """Gives upload codes to those who may have one.

    Args:
        links: whether a link opens.
        codes: makes the codes.
        diseases: the catalogue.
        app_link: what a code is put behind to open the app with it.
        tell: told the code of each end.
    """

    def __init__(
        self,
        *,
        links: LinkCheck,
        codes: UploadCodeGiver,
        diseases: Mapping[str, Disease],
        app_link: str,
        tell: Callable[[LogCode], None],
    ) -> None:
        self._links = links
        self._codes = codes
        self._diseases = diseases
        self._app_link = app_link
        self._tell = tell

    def upload_code(self, request: UploadCodeRequest, now: datetime) -> GivenUploadCode | None:
        """A code for a result behind a link; None if the link does not open.

        Raises:
            NoUploadCodeError: the link opens, and the result permits no upload.
            Rejected: what is stored does not open.
            Unavailable: something did not answer.
        """
        held = self._links.held(request, now)
        if held is None:
            return None
        result = self._links.source_behind(held, request.result_id)
        if not isinstance(result, StoredResult) or not upload_permitted_until(
            result, self._diseases.get(result.disease), now
        ):
            self._tell(LogCode.UPLOAD_CODE_REFUSED)
            raise NoUploadCodeError
        # Only an answer with a code pays for loading what draws it.
        from vigie.dcc import qr  # noqa: PLC0415

        code, token = self._codes.give(result.result_id, now)
        link = self._app_link + token
        self._tell(LogCode.UPLOAD_CODE_GIVEN)
        return GivenUploadCode(
            code=token, link=link, qr_svg=qr.svg(link), expires_at=code.expires_at
        )

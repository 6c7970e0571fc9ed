"""What compressed files unpack to, kept in the workspace bucket so that it can be cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from result_intake.object_reader import ObjectReader
from vigie.aws import aws_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

    from vigie.inbox import ByteSpan

# Of one request of a multipart upload: S3 takes 10,000 of at least 5 MiB.
PIECE_BYTES = 16 * 1024 * 1024


class UnpackedFiles:
    """Keeps each file under `<file id>/unpacked`.

    An upload that is not finished, whatever stopped it, leaves nothing that can be read; the
    bucket's lifecycle drops its pieces. Doing it again keeps the same bytes.

    Args:
        s3: the S3 client.
        bucket: name of the workspace bucket.
    """

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._reader = ObjectReader(s3, bucket, "workspace")

    def chunks(self, file_id: str, span: ByteSpan) -> Iterator[bytes]:
        """The bytes of a span, as `ObjectReader.chunks` gives them."""
        return self._reader.chunks(_key(file_id), span)

    def kept(self, file_id: str, content: Iterable[bytes]) -> Iterator[bytes]:
        """Hand bytes on, and keep them once the last of them was handed on.

        Holds `PIECE_BYTES` and one chunk.

        Raises:
            Unavailable: the bucket did not take them; also what the content raises.
        """
        upload = _Upload(self._s3, self._bucket, _key(file_id))
        for chunk in content:
            upload.write(chunk)
            yield chunk
        upload.finish()


class _Upload:
    """A multipart upload of one object."""

    def __init__(self, s3: S3Client, bucket: str, key: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._key = key
        self._held = bytearray()
        self._parts: list[CompletedPartTypeDef] = []
        with aws_errors("workspace-bucket"):
            begun = s3.create_multipart_upload(Bucket=bucket, Key=key)
        self._id = begun["UploadId"]

    def write(self, chunk: bytes) -> None:
        self._held += chunk
        if len(self._held) >= PIECE_BYTES:
            self._send()

    def finish(self) -> None:
        if self._held:
            self._send()
        with aws_errors("workspace-bucket"):
            self._s3.complete_multipart_upload(
                Bucket=self._bucket,
                Key=self._key,
                UploadId=self._id,
                MultipartUpload={"Parts": self._parts},
            )

    def _send(self) -> None:
        number = len(self._parts) + 1
        with aws_errors("workspace-bucket"):
            sent = self._s3.upload_part(
                Bucket=self._bucket,
                Key=self._key,
                UploadId=self._id,
                PartNumber=number,
                Body=bytes(self._held),
            )
        part: CompletedPartTypeDef = {"PartNumber": number, "ETag": sent["ETag"]}
        # The SDK checks each part by CRC-32; S3 then wants to be told of it at the end.
        if "ChecksumCRC32" in sent:
            part["ChecksumCRC32"] = sent["ChecksumCRC32"]
        self._parts.append(part)
        self._held.clear()


def _key(file_id: str) -> str:
    return f"{file_id}/unpacked"

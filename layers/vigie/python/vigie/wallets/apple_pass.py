"""An Apple Wallet pass: a package of files, their manifest and its signature, as a ZIP file.

Source: Apple, Wallet Passes ("Pass", "Creating the Source for a Pass", "Building a Pass").
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from vigie.model import Frozen
from vigie.results.codes import Language
from vigie.wallets.pass_content import Field, PassContent
from vigie.wallets.serial import serial_of
from vigie.wallets.strings_file import strings_file
from vigie.wallets.wording import Word, wording

_MANIFEST = "manifest.json"
_SIGNATURE = "signature"
_IMAGES = tuple(f"{image}{scale}.png" for image in ("icon", "logo") for scale in ("", "@2x", "@3x"))
_WHITE = "rgb(255, 255, 255)"
_BLUE = "rgb(0, 60, 113)"
# The first that the format of ZIP files knows: a pass is the same whenever it is packed.
_FIRST_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_FILE_MODE = 0o100644 << 16


class PassType(Frozen):
    """Whose pass it is.

    Attributes:
        identifier: of the pass type, `pass.…`.
        team: Apple's identifier of the developer's team.
    """

    identifier: str
    team: str


def pass_files(content: PassContent, pass_type: PassType, language: Language) -> dict[str, bytes]:
    """The files of a pass, by name, without manifest and signature.

    Args:
        content: what it shows.
        pass_type: whose it is.
        language: that it is shown in where the phone has none of ours.
    """
    described = json.dumps(
        _pass(content, pass_type, language), ensure_ascii=False, separators=(",", ":")
    )
    return {
        "pass.json": described.encode(),
        **{
            f"{each}.lproj/pass.strings": strings_file(_translations(content, language, each))
            for each in Language
        },
        **_images(),
    }


def manifest(contents: Mapping[str, bytes]) -> bytes:
    """What is signed: the SHA-1 of each file, which the format wants."""
    hashes = {
        name: hashlib.sha1(content, usedforsecurity=False).hexdigest()
        for name, content in contents.items()
    }
    return json.dumps(hashes, sort_keys=True, separators=(",", ":")).encode()


def packed(contents: Mapping[str, bytes], signed: bytes, signature: bytes) -> bytes:
    """The ZIP file; the same for the same files.

    Args:
        contents: the files of the pass.
        signed: their manifest.
        signature: CMS SignedData of the manifest, detached, in DER.
    """
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as package:
        for name, content in {**contents, _MANIFEST: signed, _SIGNATURE: signature}.items():
            entry = zipfile.ZipInfo(name, _FIRST_TIME)
            entry.create_system, entry.external_attr = _UNIX, _FILE_MODE
            package.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return stored.getvalue()


@cache
def _images() -> Mapping[str, bytes]:
    folder = files(__package__) / "images"
    return {name: (folder / name).read_bytes() for name in _IMAGES}


def _pass(content: PassContent, pass_type: PassType, language: Language) -> dict[str, Any]:
    words = wording(language)
    title = words[content.title]
    front = [_field(field, language) for field in content.front]
    name = Field(Word.NAME, content.name)
    return {
        "formatVersion": 1,
        "passTypeIdentifier": pass_type.identifier,
        "teamIdentifier": pass_type.team,
        "serialNumber": serial_of(content.hcert),
        "organizationName": content.issuer,
        "description": title,
        "logoText": title,
        "foregroundColor": _WHITE,
        "labelColor": _WHITE,
        "backgroundColor": _BLUE,
        "expirationDate": _instant(content.expires_at),
        "sharingProhibited": True,
        "barcodes": [
            {
                "format": "PKBarcodeFormatQR",
                "message": content.hcert,
                "messageEncoding": "iso-8859-1",
                "altText": content.identifier,
            }
        ],
        "generic": {
            "primaryFields": [_field(name, language)],
            "secondaryFields": front[:2],
            "auxiliaryFields": front[2:],
            # Nothing of it is a telephone number or an address to open.
            "backFields": [
                {**_field(field, language), "dataDetectorTypes": []} for field in content.back
            ],
        },
    }


def _field(field: Field, language: Language) -> dict[str, Any]:
    words = wording(language)
    shown = {"key": field.label.value, "label": words[field.label]}
    match field.value:
        case Word() as word:
            return {**shown, "value": words[word]}
        case datetime() as instant:
            return {**shown, "value": _instant(instant), **_style("PKDateStyleShort")}
        case date() as day:
            # A day is the same everywhere.
            style = _style("PKDateStyleNone")
            return {**shown, "value": f"{day}T00:00:00Z", **style, "ignoresTimeZone": True}
        case text:
            return {**shown, "value": text}


def _style(time: str) -> dict[str, str]:
    return {"dateStyle": "PKDateStyleMedium", "timeStyle": time}


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _translations(content: PassContent, written: Language, into: Language) -> dict[str, str]:
    """The words of a pass in another language.

    A text that the certificate says itself, such as a name, is never taken for a word of ours.
    """
    said = {content.name, *(field.value for field in (*content.front, *content.back))}
    words, translated = wording(written), wording(into)
    return {words[word]: translated[word] for word in Word if words[word] not in said}

"""Keep files that people attach: what they are is read from their content, they lie where the web serves nothing.

A file is on the disk before its record is committed, and goes again if that fails.
"""

import os
import re
import zipfile
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from customers.models import Attachment, ChangeSet, Interaction

MOST_FILES, MOST_BYTES = 5, 10 * 1024 * 1024
PLAIN = "text/plain"
OFFICE = "application/vnd.openxmlformats-officedocument."
# What a content begins with, the type it then has, and the endings that say so.
SIGNATURES = [
    (rb"%PDF-", "application/pdf", {"pdf"}),
    (rb"\x89PNG\r\n\x1a\n", "image/png", {"png"}),
    (rb"\xff\xd8\xff", "image/jpeg", {"jpg", "jpeg"}),
    (rb"GIF8[79]a", "image/gif", {"gif"}),
    (rb"RIFF....WEBP", "image/webp", {"webp"}),
    (rb"....ftyp(?:heic|heix|mif1)", "image/heic", {"heic", "heif"}),
    (rb"....ftypM4A", "audio/mp4", {"m4a"}),
    (rb"(?:ID3|\xff[\xfb\xf3\xf2])", "audio/mpeg", {"mp3"}),
]
# The part that only such a document has.
DOCUMENTS = {
    "word/document.xml": (OFFICE + "wordprocessingml.document", {"docx"}),
    "xl/workbook.xml": (OFFICE + "spreadsheetml.sheet", {"xlsx"}),
    "ppt/presentation.xml": (OFFICE + "presentationml.presentation", {"pptx"}),
}
TEXTS = {"txt", "csv", "md", "eml", "log"}
KNOWN_ENDINGS = TEXTS.union(*(e for *__, e in SIGNATURES), *(e for __, e in DOCUMENTS.values()))
ENDINGS = "PDF, PNG, JPEG, GIF, WebP, HEIC, DOCX, XLSX, PPTX, TXT, CSV, EML, MP3, M4A"


def kind_of(file: UploadedFile) -> tuple[str, set[str]]:
    """The type of a file's content and the endings its name may have; ("", {}) for what is not taken."""
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    for signature, kind, endings in SIGNATURES:
        if re.match(signature, head, re.DOTALL):
            return kind, endings
    if head.startswith(b"PK\x03\x04"):
        return _document_in(file)
    return (PLAIN, TEXTS) if _is_text(file) else ("", set())


def _document_in(file: UploadedFile) -> tuple[str, set[str]]:
    """An office document without macros; archives are not looked into and not taken."""
    try:
        names = set(zipfile.ZipFile(file).namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        names = set()
    file.seek(0)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return "", set()
    return next((found for part, found in DOCUMENTS.items() if part in names), ("", set()))


def _is_text(file: UploadedFile) -> bool:
    content = file.read()
    file.seek(0)
    if b"\x00" in content:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def plain_name(name: str) -> str:
    """The last part of a path, without what would break a line or a header; never too long for its column."""
    name = re.sub(r"[\x00-\x1f\x7f\"<>|:*?\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", name)
    name = re.split(r"[\\/]", name)[-1].strip(" .") or "file"
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: 190 - len(ending)]}.{ending}" if dot and len(ending) < 20 else name[:190]


def check_files(files: Sequence[UploadedFile]) -> None:
    """Raises ValidationError with a sentence for each file that is not taken."""
    if len(files) > MOST_FILES:
        words = _("At most %(n)s files at once; attach the others to another note.")
        raise ValidationError(words, params={"n": MOST_FILES})
    problems = [problem for file in files if (problem := _problem_of(file))]
    if problems:
        raise ValidationError(problems)


def _problem_of(file: UploadedFile) -> ValidationError | None:
    name = {"name": plain_name(file.name)}
    if not file.size:
        return ValidationError(_("“%(name)s” is empty."), params=name)
    if file.size > MOST_BYTES:
        words = _("“%(name)s” is larger than %(most)s MB. Make it smaller, or send a part of it.")
        return ValidationError(words, params=name | {"most": MOST_BYTES // 1024 // 1024})
    kind, endings = kind_of(file)
    ending = name["name"].rpartition(".")[2].lower()
    # A web page or a script is text as well, but no kind of text that is taken.
    if not kind or (kind == PLAIN and ending not in KNOWN_ENDINGS):
        words = _("“%(name)s” is of a type that is not taken. These are: %(types)s.")
        return ValidationError(words, params=name | {"types": ENDINGS})
    if ending not in endings:
        words = _("“%(name)s” does not hold what its ending says. It should end in .%(ending)s.")
        right = "txt" if kind == PLAIN else min(endings)
        return ValidationError(words, params=name | {"ending": right})
    return None


def attach(
    interaction: Interaction, files: Iterable[UploadedFile], change_set: ChangeSet
) -> list[Attachment]:
    """Store checked files with something written down; in its transaction."""
    made = []
    try:
        for file in files:
            kind, _endings = kind_of(file)
            one = Attachment(
                interaction=interaction, name=plain_name(file.name), kind=kind, size=file.size,
                recorded_in=change_set,
            )  # fmt: skip
            made.append(one)
            _write(one, file)
            one.save()
    except BaseException:
        for one in made:
            one.path.unlink(missing_ok=True)
        raise
    return made


def _write(one: Attachment, file: UploadedFile) -> None:
    one.path.parent.mkdir(parents=True, exist_ok=True)
    part = one.path.with_suffix(".part")
    with open(part, "wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    os.replace(part, one.path)


def remove_files_of(attachments) -> None:
    """Where rows are deleted by a statement, which tells nobody."""
    paths = [one.path for one in attachments]
    transaction.on_commit(lambda: [path.unlink(missing_ok=True) for path in paths])

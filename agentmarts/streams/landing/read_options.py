"""How a file is to be read where its looks do not tell: in a mapping file under `read`, or on the command line."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class LandingError(RuntimeError):
    """A file cannot be read; the message says which and why."""


class ReadOptions(BaseModel):
    """What is None or a default is found out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoding: str | None = Field(None, description="Of text: utf-8, cp1252, utf-16, shift_jis, …")
    delimiter: str | None = Field(None, min_length=1, max_length=1, description="Of CSV: one character.")
    quote: str = Field('"', min_length=1, max_length=1, description="Of CSV: what stands around a cell with a delimiter in it.")
    decimal: Literal[".", ","] = Field(".", description="Of CSV: 1.234,5 is read as 1234.5 with a comma.")
    skip_lines: int = Field(0, ge=0, description="Of CSV and Excel: lines before the header.")
    sheet: str | None = Field(None, description="Of Excel: name of the sheet; else the first one.")
    records: str | None = Field(None, description="Of JSON: where the list of records lies, such as data.items.")

    def told(self, **more: object) -> ReadOptions:
        """With some of them told otherwise, as on the command line; None tells nothing. Raises pydantic.ValidationError."""
        return ReadOptions.model_validate(self.model_dump() | {name: value for name, value in more.items() if value is not None})

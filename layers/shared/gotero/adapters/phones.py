"""Phone numbers by libphonenumber."""

import phonenumbers


class PhoneLibrary:
    """`PhoneNumbers` on the phonenumbers library."""

    def e164(self, text: str, region: str) -> str | None:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_valid_number(number):
            return None
        written: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return written

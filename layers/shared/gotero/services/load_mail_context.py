"""Gather what the merge tags of one mail read, and no more than they read."""

from collections.abc import Collection

from gotero.domain.mail_context import EXAMPLE, mail_context, needs_account
from gotero.domain.record import Record, Ref
from gotero.ports import Definitions, Json, Records


def load_mail_context(
    records: Records,
    definitions: Definitions,
    recipient: Record,
    fields: Collection[str],
    about: Collection[Ref] = (),
) -> Json:
    """The context for `recipient`. `fields` are the compiled template's, `about` the invoice, the campaign…"""
    refs = list(about)
    account_id = recipient.values.get("account")
    account = Ref("accounts", account_id) if account_id and needs_account(fields) else None
    found = records.get_many([*refs, account] if account else refs) if refs or account else {}
    owner = definitions.get("users", recipient.owner) if any(f.startswith("owner.") for f in fields) else None
    company = definitions.get("settings", "company")
    return mail_context(
        recipient,
        account=found.get(account) if account else None,
        owner=owner.data if owner else None,
        company=company.data if company else None,
        about=[found[ref] for ref in refs if ref in found],
    )


def example_mail_context(definitions: Definitions) -> Json:
    """The context for nobody in particular, from the company as it is."""
    company = definitions.get("settings", "company")
    return {**EXAMPLE, "company": {**EXAMPLE["company"], **(company.data if company else {})}}

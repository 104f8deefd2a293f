"""The least that could answer a form: one mail for each new item."""

import os
from typing import Any

import boto3

mail = boto3.client("sesv2")


def handler(event: dict[str, Any], _context: object) -> None:
    for record in event["Records"]:
        if record["eventName"] == "INSERT":
            posted = record["dynamodb"]["NewImage"]
            mail.send_email(
                FromEmailAddress=os.environ["SENDER"],
                Destination={"ToAddresses": [posted["email"]["S"]]},
                Content={
                    "Simple": {
                        "Subject": {"Data": "Hemos recibido tu mensaje"},
                        "Body": {"Text": {"Data": f"Hola, {posted['firstname']['S']}"}},
                    }
                },
            )

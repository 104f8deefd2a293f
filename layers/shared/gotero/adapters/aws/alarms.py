"""`Alarms` on an SNS topic: the one that CloudWatch's alarms tell as well."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_sns import SNSClient

_SUBJECT = 100


class SnsAlarms:
    """One topic. Its texts name no person."""

    def __init__(self, client: "SNSClient", topic_arn: str) -> None:
        self._client = client
        self._topic_arn = topic_arn

    def tell(self, subject: str, text: str) -> None:
        # SNS takes ASCII alone in a subject.
        plain = subject.encode("ascii", "replace").decode()[:_SUBJECT]
        self._client.publish(TopicArn=self._topic_arn, Subject=plain, Message=f"{subject}\n\n{text}")

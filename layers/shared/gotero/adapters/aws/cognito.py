"""Logins in a Cognito user pool."""

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient


class CognitoLogins:
    """`IdentityProvider` on Cognito. Without a password Cognito mails an invitation."""

    def __init__(self, client: "CognitoIdentityProviderClient", user_pool_id: str) -> None:
        self._client = client
        self._pool = user_pool_id

    def create(self, email: str, password: str | None) -> str:
        # Found instead of created: the same call twice is one login.
        with suppress(self._client.exceptions.UsernameExistsException):
            self._client.admin_create_user(
                UserPoolId=self._pool,
                Username=email,
                UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
                **({"MessageAction": "SUPPRESS"} if password else {}),  # type: ignore[arg-type]  # the stubs take no optional keyword
            )
        if password:
            self._client.admin_set_user_password(
                UserPoolId=self._pool, Username=email, Password=password, Permanent=True
            )
        attributes = self._client.admin_get_user(UserPoolId=self._pool, Username=email)["UserAttributes"]
        return next(a["Value"] for a in attributes if a["Name"] == "sub")

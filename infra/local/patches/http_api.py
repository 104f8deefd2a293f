"""`AWS::Serverless::HttpApi` gets its routes, authorizers and CORS; a renamed stage does not take its successor along.

Stock: `services/cloudformation/provisioners._apigw_v2_api_create` ignores `Body`, the OpenAPI document into which the
SAM transform puts every `Events: HttpApi`; the stack says CREATE_COMPLETE and each call is a 404. CORS keys keep
CloudFormation's capital letters, which the data plane does not read. `_apigw_v2_stage_delete` removes by name, so the
old resource of a renamed `$default` stage deletes the stage that the new one has just made.
"""

import time
import uuid
from typing import Any

from ministack.services import apigateway
from ministack.services.cloudformation import provisioners

from infra.local.emulator import Emulator

JUST_MADE_SECONDS = 5


def apply(emulator: Emulator) -> None:
    _import_bodies(provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"])
    _keep_new_stages(provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Stage"])


def _import_bodies(handlers: dict[str, Any]) -> None:
    stock_create, stock_update = handlers["create"], handlers["update"]

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        props = {"ProtocolType": "HTTP", **props}
        title = (props.get("Body") or {}).get("info", {}).get("title")
        if title:
            props.setdefault("Name", title)
        result = stock_create(logical_id, props, stack_name)
        _complete(result[0], props)
        return result

    def update(
        physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str, logical_id: Any = None
    ) -> Any:
        result = stock_update(physical_id, old, new, stack_name, logical_id)
        _complete(result[0], new)
        return result

    handlers["create"], handlers["update"] = create, update


def _complete(api_id: str, props: dict[str, Any]) -> None:
    cors = props.get("CorsConfiguration")
    if isinstance(cors, dict):
        apigateway._apis[api_id]["corsConfiguration"] = _lower_keys(cors)
    body = props.get("Body")
    if isinstance(body, dict):
        _import(api_id, body)


def _import(api_id: str, body: dict[str, Any]) -> None:
    if cors := body.get("x-amazon-apigateway-cors"):
        apigateway._apis[api_id]["corsConfiguration"] = _lower_keys(cors)
    schemes = (body.get("components") or {}).get("securitySchemes") or {}
    authorizers = {name: _authorizer(name, scheme) for name, scheme in schemes.items()}
    integrations: dict[str, Any] = {}
    routes: dict[str, Any] = {}
    for path, operations in (body.get("paths") or {}).items():
        for verb, operation in operations.items():
            declared = operation.get("x-amazon-apigateway-integration")
            if declared is None:
                continue  # the OPTIONS operation that SAM adds for CORS: the API itself answers it
            integration, route = _new_id(), _new_id()
            integrations[integration] = _integration(integration, declared)
            security = operation.get("security", body.get("security")) or []
            routes[route] = _route(route, _route_key(verb, path), integration, security, authorizers)
    apigateway._authorizers[api_id] = {entry["authorizerId"]: entry for entry in authorizers.values()}
    apigateway._integrations[api_id] = integrations
    apigateway._routes[api_id] = routes


def _route_key(verb: str, path: str) -> str:
    if path in ("$default", "/$default"):
        return "$default"
    return f"{'ANY' if verb == 'x-amazon-apigateway-any-method' else verb.upper()} {path}"


def _route(
    route: str, key: str, integration: str, security: list[dict[str, list[str]]], authorizers: dict[str, Any]
) -> dict[str, Any]:
    name, scopes = next(((name, scopes) for entry in security for name, scopes in entry.items()), ("", []))
    authorizer = authorizers.get(name)
    kind = "NONE" if authorizer is None else "JWT" if authorizer["authorizerType"] == "JWT" else "CUSTOM"
    return {
        "routeId": route,
        "routeKey": key,
        "target": f"integrations/{integration}",
        "apiKeyRequired": False,
        "authorizationType": kind,
        "authorizerId": authorizer["authorizerId"] if authorizer else "",
        "authorizationScopes": scopes,
    }


def _integration(integration: str, declared: dict[str, Any]) -> dict[str, Any]:
    return {
        "integrationId": integration,
        "integrationType": (declared.get("type") or "aws_proxy").upper(),
        "integrationUri": declared.get("uri", ""),
        "integrationMethod": declared.get("httpMethod", "POST"),
        "payloadFormatVersion": declared.get("payloadFormatVersion", "2.0"),
        "timeoutInMillis": declared.get("timeoutInMillis", 30_000),
    }


def _authorizer(name: str, scheme: dict[str, Any]) -> dict[str, Any]:
    declared = scheme.get("x-amazon-apigateway-authorizer") or {}
    jwt = declared.get("jwtConfiguration") or {}
    source = declared.get("identitySource", "$request.header.Authorization")
    return {
        "authorizerId": _new_id(),
        "authorizerType": "JWT" if declared.get("type") == "jwt" else "REQUEST",
        "name": name,
        "identitySource": source if isinstance(source, list) else [source],
        "jwtConfiguration": {"audience": jwt.get("audience", []), "issuer": jwt.get("issuer", "")},
        "authorizerUri": declared.get("authorizerUri", ""),
        "authorizerPayloadFormatVersion": declared.get("authorizerPayloadFormatVersion", "2.0"),
        "authorizerResultTtlInSeconds": declared.get("authorizerResultTtlInSeconds", 300),
        "enableSimpleResponses": declared.get("enableSimpleResponses", False),
        "authorizerCredentialsArn": "",
    }


def _keep_new_stages(handlers: dict[str, Any]) -> None:
    stock_create, stock_delete = handlers["create"], handlers["delete"]
    made: dict[tuple[Any, Any], float] = {}

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        made[(props.get("ApiId"), props.get("StageName"))] = time.monotonic()
        return stock_create(logical_id, props, stack_name)

    def delete(physical_id: str, props: dict[str, Any]) -> Any:
        since = made.get((props.get("ApiId"), physical_id))
        if since is not None and time.monotonic() - since < JUST_MADE_SECONDS:
            return None
        return stock_delete(physical_id, props)

    handlers["create"], handlers["delete"] = create, delete


def _lower_keys(properties: dict[str, Any]) -> dict[str, Any]:
    return {key[:1].lower() + key[1:]: value for key, value in properties.items()}


def _new_id() -> str:
    return uuid.uuid4().hex[:8]

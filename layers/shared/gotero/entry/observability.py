"""Logger and metrics, built once. Log lines carry ids, never addresses, names or bodies."""

from aws_lambda_powertools import Logger

logger = Logger(service="gotero", log_uncaught_exceptions=False)

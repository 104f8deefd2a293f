"""Amazon SES: sending by API v2, events by SNS and SQS."""

"""Amazon SNS over HTTPS."""

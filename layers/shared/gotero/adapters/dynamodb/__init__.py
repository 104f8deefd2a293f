"""DynamoDB: one file a noun; every key is built in keys.py."""

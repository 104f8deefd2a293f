"""Gotero: marketing automation on AWS, from web form to follow-up."""

"""Notices: what enterprises are told through their webhooks."""

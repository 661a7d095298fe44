"""Accounts: people, sign-in, memberships, the journal of deeds, personal data."""

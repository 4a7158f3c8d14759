"""Children's data: consent, purposes, access, requests, retention."""

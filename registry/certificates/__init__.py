"""Certificates of service and of participation, and the register of their issue."""

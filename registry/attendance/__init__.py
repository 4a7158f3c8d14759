"""Attendance: who is there, who was collected by whom, and the hours of those who look after them."""

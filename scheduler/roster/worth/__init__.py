"""Bounds at any size by prices: each volunteer's best week against prices on whatever classes want.

`market` holds what does not change about a week, `days` finds everybody's best days against prices, `weeks` joins days
to weeks and counts what those would give, `climb` moves the prices. Every set of prices proves a bound.
"""

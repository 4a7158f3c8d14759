"""Repair of a published roster (SCHEDULING.md §2): mend only the damage, disturb the fewest people, and prove it.

damage.py    what of the published roster cannot stay, what is frozen, which pins fall away
measure.py   people and changes, the five levels, the check; never loads the solver
scene.py     the damaged week: its gaps, and the choices of everybody
part.py      the CP-SAT model in which some people may change and everybody else stays
table.py     the damaged week as arrays
weeks.py     what one person could win at most, everybody at once
few.py       who could mend the damage alone, and which two together
work.py      all of it together
"""

"""Repair of a published roster (SCHEDULING.md §2): mend only the damage, disturb the fewest people, and prove it.

damage.py    what of the published roster cannot stay, what is frozen, which pins fall away
measure.py   people and changes, the five levels, the check; never loads the solver
scene.py     the damaged week: its gaps, and the choices of everybody (quick.py)
part.py      the CP-SAT model in which some people may change and everybody else stays
table.py     the damaged week as arrays (patterns.py: in which ways a day may be filled)
weeks.py     what one person could win at most, everybody at once
few.py       who could mend the damage alone, and which two together
rows.py board.py best.py    what people compete for, and everybody's best week under prices of it
prices.py sets.py           prices under which few people cannot be enough, and the sets that are left
wide.py      the first repair where many classes are hit
grow.py      the search: one person more at a time, then some freed again and again (around.py: whom)
fewer.py aside.py           fewer people, and the process that proves beside the search
work.py      all of it together
"""

"""The JSON formats: read and validated with exact places, written sorted and complete.

What the contract leaves open is read like this. A repeated id is refused where entries are counted (a class's
segments and slots, pins, duties, lessons) and harmless where one only asks "is it in?" (roles, courses,
availability, preferred sites, heat days, bans). 8.0 is a whole number. Room ids are unique over all sites. Hours
run forwards within one day. A published roster may name what was dropped since; nothing else may.
"""

from scheduler.files.fields import load_json
from scheduler.files.problems import read_problem
from scheduler.files.rosters import read_repair_cost, read_result, read_roster, write_roster
from scheduler.files.writing import write_problem

__all__ = [
    "load_json",
    "read_problem",
    "read_repair_cost",
    "read_result",
    "read_roster",
    "write_problem",
    "write_roster",
]

"""Life after the draw: places given back, offers from the waitlist, late applications, small class runs, a next round.

All of it are functions from one `Standing` to the next; nothing here draws again. A lottery number is made from the
season's seed and the child's id alone, so it stays the same throughout a season, whatever happens to the child.

What the contract leaves open is read like this:

- An offer goes to the first on the waitlist who can take it within the hard rules. Whoever cannot (no room on one of
  its weekdays, its leaving would take another class run below its minimum, or a family would be parted) is passed
  over and stays on the list. Who takes an offer leaves the place that it would give up; that place is then offered.
- As many offers are open at a time as there are free places, and at most one for each child: the best it can have.
- With `together-or-none`, a family without places is offered places for all its children at once, or none.
- A late application stands behind all earlier ones of the same claim (a place or none, tier, rank of the wish); among
  those of the same batch the lottery number decides. In a next round those who applied before it are in time.
- Who gives a place back is not offered it again, and leaves its family where it would part it: the others keep theirs.
- A class run that is cancelled has a capacity of 0 from then on: wishes for it keep their ranks and cannot be met.
- In a next round everybody keeps what is confirmed; what is not confirmed is free again. Of a family that is confirmed
  in part, the others apply by themselves.
"""

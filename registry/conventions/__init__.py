"""What holds all over China and has nothing to do with tables: names, papers, grades, working days, order by pinyin."""

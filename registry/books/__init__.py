"""Handbooks of children (成长手册), memory books of classes (班级回忆录), and one-to-one feedback with families."""

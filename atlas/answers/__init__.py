"""The questions a record answers: who held it, who kept the peace, what was open."""

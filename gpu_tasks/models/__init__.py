"""Neural networks and what is made of them: one package a task, and what they share. Needs torch only when used."""

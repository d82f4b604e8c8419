"""The types of the answers, one module per schema. They import nothing of the program, so that every folder may."""

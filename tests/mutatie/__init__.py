"""The mutation run: does a case see it when a policy or a table says something else?

Each comparison, constant and set of the policies and each parameter of the tables is changed in
turn. A change that no case and no test notices is either a hole in the cases, or makes no
difference (then it stands in gelijkwaardig.yaml, with the reason). ``scripts/mutatie`` runs it and
writes docs/toetsdekking.md.
"""

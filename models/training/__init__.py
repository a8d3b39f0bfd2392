"""The recipe of the default pack: ``python build.py models train`` runs the steps in order.

data -> teacher -> image -> text -> export; each step writes its results to a work folder
and is skipped when they are there already.
"""

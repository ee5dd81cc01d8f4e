"""Synthetic exports of toewijzingen, made from a seed; no data of any person (see maak.py)."""

"""Posts into files for people: nothing in them runs as a formula, and nobody's name leaves unless asked for."""

from ayrframe._export.csv import to_csv
from ayrframe._export.excel import to_excel

__all__ = ["to_csv", "to_excel"]

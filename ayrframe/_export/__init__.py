"""Export posts to files for readers: CSV, Excel and an HTML report; formulas are neutralized, people are left out."""

from ayrframe._export.csv import to_csv
from ayrframe._export.excel import to_excel

__all__ = ["to_csv", "to_excel"]

"""Mutation testing: change the code that decides, one small change at a time, and see whether a test fails."""

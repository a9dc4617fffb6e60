"""The words of the house: errors, outcomes, records, ids, scales, dates. Standard library only."""

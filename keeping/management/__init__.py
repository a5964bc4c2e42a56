"""What is typed to keep, bring back, move and clear up."""

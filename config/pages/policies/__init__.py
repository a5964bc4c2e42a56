"""The pages on which platform admins keep the law: editions, drafts, measures, and the look before publishing."""
